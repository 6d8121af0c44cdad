package io.leat.broker.group;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.broker.group.classic.ClassicFormat;
import io.leat.broker.group.consumer.ConsumerFormat;
import io.leat.broker.group.member.GroupType;
import io.leat.broker.group.member.MembershipKey;
import io.leat.broker.group.offset.CommittedOffset;
import io.leat.broker.group.offset.Offsets;
import io.leat.broker.group.offset.PendingOffsets;
import io.leat.broker.group.streams.StreamsFormat;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * How groups lie in the state store. Numbers are big-endian; a string or bytes stand behind their
 * int32 length, which is -1 where there is none.
 *
 * <pre>
 * membership: see MembershipKey
 *
 * offset, one for each partition
 *   key    "group-offset/" | group id string | topic id 16 bytes | partition int32
 *   value  version int8 = 1
 *          offset int64 | leader epoch int32 | committed int64 | expires int64 (-1 none)
 *          metadata string | topic name string
 *
 * offset sent in a transaction that has not ended, one for each partition
 *   key    "group-pending/" | group id string | producer id int64 | topic id 16 bytes
 *          | partition int32
 *   value  as that of an offset
 * </pre>
 */
final class GroupFormat {
    private static final byte[] OFFSET = "group-offset/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PENDING = "group-pending/".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    /** From this version on, a membership begins with its type. */
    private static final int TYPED = 2;

    private GroupFormat() {}

    /** What removes a membership. */
    static List<Write> deleteMembership(String groupId, Membership membership) {
        List<Write> writes = new ArrayList<>(deleteMembers(groupId, membership));
        writes.add(new Write.Delete(MembershipKey.group(groupId)));
        return writes;
    }

    /** What removes the members that lie apart from their group. */
    static List<Write> deleteMembers(String groupId, Membership membership) {
        return switch (membership) {
            case Membership.Classic it -> List.of();
            case Membership.Consumer it -> ConsumerFormat.deleteMembers(groupId, it.consumer());
            case Membership.Streams it -> StreamsFormat.deleteMembers(groupId, it.streams());
        };
    }

    static Write putOffset(
            String groupId, UUID topicId, String topic, int partition, CommittedOffset offset) {
        return new Write.Put(offsetKey(groupId, topicId, partition), value(topic, offset));
    }

    private static byte[] value(String topic, CommittedOffset offset) {
        return new StateOutput()
                .int8(VERSION)
                .int64(offset.offset())
                .int32(offset.leaderEpoch())
                .int64(offset.committedMillis())
                .int64(offset.expiresMillis().orElse(-1))
                .string(offset.metadata())
                .string(topic)
                .toBytes();
    }

    static Write putPending(
            String groupId,
            long producerId,
            UUID topicId,
            String topic,
            int partition,
            CommittedOffset offset) {
        return new Write.Put(
                pendingKey(groupId, producerId, topicId, partition), value(topic, offset));
    }

    static Write deletePending(String groupId, long producerId, UUID topicId, int partition) {
        return new Write.Delete(pendingKey(groupId, producerId, topicId, partition));
    }

    static Write deleteOffset(String groupId, UUID topicId, int partition) {
        return new Write.Delete(offsetKey(groupId, topicId, partition));
    }

    /**
     * Reads every group.
     *
     * @param nowMillis when groups that have nothing but offsets are said to be empty since
     */
    static void load(StateStore store, long nowMillis, Consumer<Group> loaded) {
        Map<String, Membership> memberships = new LinkedHashMap<>();
        store.scan(
                MembershipKey.groups(),
                (key, value) -> {
                    String groupId = MembershipKey.groupId(key);
                    memberships.put(groupId, membership(groupId, value, store));
                });
        Map<String, Offsets.Change> offsets = new LinkedHashMap<>();
        store.scan(OFFSET, (key, value) -> readOffset(key, value, offsets));
        Map<String, Map<Long, Offsets.Change>> pending = new LinkedHashMap<>();
        store.scan(PENDING, (key, value) -> readPending(key, value, pending));
        Set<String> ids = new HashSet<>(memberships.keySet());
        ids.addAll(offsets.keySet());
        ids.addAll(pending.keySet());
        for (String id : ids) {
            Membership membership = memberships.get(id);
            Offsets.Change change = offsets.get(id);
            loaded.accept(
                    new Group(
                            id,
                            membership == null ? Membership.none(nowMillis) : membership,
                            change == null ? Offsets.NONE : change.done(),
                            pending(pending.getOrDefault(id, Map.of()))));
        }
    }

    private static Membership membership(String groupId, byte[] value, StateStore store) {
        StateInput in = new StateInput("group " + groupId, value);
        if (in.version(TYPED) < TYPED) {
            return new Membership.Classic(ClassicFormat.read(in));
        }
        GroupType type = GroupType.of(in.int8()).orElseThrow(in::damaged);
        return switch (type) {
            case CONSUMER -> new Membership.Consumer(ConsumerFormat.read(groupId, in, store));
            case STREAMS -> new Membership.Streams(StreamsFormat.read(groupId, in, store));
            case CLASSIC, SHARE -> throw in.damaged();
        };
    }

    private static PendingOffsets pending(Map<Long, Offsets.Change> producers) {
        PendingOffsets pending = PendingOffsets.NONE;
        for (Map.Entry<Long, Offsets.Change> producer : producers.entrySet()) {
            pending = pending.with(producer.getKey(), producer.getValue().done());
        }
        return pending;
    }

    private static void readOffset(byte[] key, byte[] value, Map<String, Offsets.Change> offsets) {
        StateInput keyIn = new StateInput("the key of a committed offset", key);
        keyIn.skip(OFFSET.length);
        String groupId = keyIn.string();
        UUID topicId = new UUID(keyIn.int64(), keyIn.int64());
        int partition = keyIn.int32();
        keyIn.end();
        readOffset(
                groupId,
                topicId,
                partition,
                value,
                offsets.computeIfAbsent(groupId, id -> Offsets.NONE.change()));
    }

    private static void readPending(
            byte[] key, byte[] value, Map<String, Map<Long, Offsets.Change>> pending) {
        StateInput keyIn = new StateInput("the key of an offset sent in a transaction", key);
        keyIn.skip(PENDING.length);
        String groupId = keyIn.string();
        long producerId = keyIn.int64();
        UUID topicId = new UUID(keyIn.int64(), keyIn.int64());
        int partition = keyIn.int32();
        keyIn.end();
        readOffset(
                groupId,
                topicId,
                partition,
                value,
                pending.computeIfAbsent(groupId, id -> new LinkedHashMap<>())
                        .computeIfAbsent(producerId, id -> Offsets.NONE.change()));
    }

    private static void readOffset(
            String groupId, UUID topicId, int partition, byte[] value, Offsets.Change offsets) {
        StateInput in =
                new StateInput(
                        "the offset of group %s in partition %d of topic %s"
                                .formatted(groupId, partition, topicId),
                        value);
        in.version(VERSION);
        long offset = in.int64();
        int leaderEpoch = in.int32();
        long committedMillis = in.int64();
        long expiresMillis = in.int64();
        String metadata = in.string();
        String topic = in.string();
        in.end();
        offsets.put(
                topicId,
                topic,
                partition,
                new CommittedOffset(
                        offset,
                        leaderEpoch,
                        metadata,
                        committedMillis,
                        expiresMillis == -1
                                ? OptionalLong.empty()
                                : OptionalLong.of(expiresMillis)));
    }

    private static byte[] pendingKey(String groupId, long producerId, UUID topicId, int partition) {
        return new StateOutput()
                .raw(PENDING)
                .string(groupId)
                .int64(producerId)
                .int64(topicId.getMostSignificantBits())
                .int64(topicId.getLeastSignificantBits())
                .int32(partition)
                .toBytes();
    }

    private static byte[] offsetKey(String groupId, UUID topicId, int partition) {
        return new StateOutput()
                .raw(OFFSET)
                .string(groupId)
                .int64(topicId.getMostSignificantBits())
                .int64(topicId.getLeastSignificantBits())
                .int32(partition)
                .toBytes();
    }
}
