package io.leat.broker.group;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * How groups lie in the state store. Numbers are big-endian; a string or bytes stand behind their
 * int32 length, which is -1 where there is none.
 *
 * <pre>
 * membership, written with each generation, each assignment, and when a static member is replaced
 *   key    "group/" | group id, to the end
 *   value  version int8 = 1
 *          phase int8 (0 empty, 1 completing, 2 stable) | since int64 | generation int32
 *          protocol type string? | protocol name string? | leader string?
 *          members int32, each:
 *            id string | instance id string? | client id string | client host string
 *            session ms int32 | rebalance ms int32 | assignment bytes
 *            protocols int32, each: name string | metadata bytes
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
 *
 * A membership that is being prepared is not written: after a crash the generation before it is
 * there again, whose members go on or time out. Generations are written before any member hears of
 * them, so that no number is ever given twice.
 */
final class GroupFormat {
    private static final byte[] MEMBERSHIP = "group/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OFFSET = "group-offset/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PENDING = "group-pending/".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final byte EMPTY = 0;
    private static final byte COMPLETING = 1;
    private static final byte STABLE = 2;

    private GroupFormat() {}

    static Write putMembership(String groupId, Membership membership) {
        StateOutput out =
                new StateOutput()
                        .int8(VERSION)
                        .int8(
                                switch (membership.phase()) {
                                    case Phase.Empty p -> EMPTY;
                                    case Phase.CompletingRebalance p -> COMPLETING;
                                    case Phase.Stable p -> STABLE;
                                    case Phase.PreparingRebalance p ->
                                            throw new IllegalStateException(
                                                    "a rebalance being prepared is not written");
                                })
                        .int64(membership.sinceMillis())
                        .int32(membership.generation())
                        .string(membership.protocolType())
                        .string(membership.protocolName())
                        .string(membership.leader())
                        .int32(membership.members().size());
        membership.members().all().forEach(member -> write(out, member));
        return new Write.Put(membershipKey(groupId), out.toBytes());
    }

    static Write deleteMembership(String groupId) {
        return new Write.Delete(membershipKey(groupId));
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
                MEMBERSHIP,
                (key, value) -> {
                    String groupId =
                            new String(
                                    key,
                                    MEMBERSHIP.length,
                                    key.length - MEMBERSHIP.length,
                                    StandardCharsets.UTF_8);
                    memberships.put(groupId, membership(groupId, value));
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

    private static PendingOffsets pending(Map<Long, Offsets.Change> producers) {
        PendingOffsets pending = PendingOffsets.NONE;
        for (Map.Entry<Long, Offsets.Change> producer : producers.entrySet()) {
            pending = pending.with(producer.getKey(), producer.getValue().done());
        }
        return pending;
    }

    private static void write(StateOutput out, Member member) {
        out.string(member.id())
                .string(member.instanceId())
                .string(member.client().id())
                .string(member.client().host())
                .int32(member.timeouts().sessionMillis())
                .int32(member.timeouts().rebalanceMillis())
                .bytes(member.assignment().content())
                .int32(member.protocols().size());
        for (Protocol protocol : member.protocols()) {
            out.string(protocol.name()).bytes(protocol.metadata().content());
        }
    }

    private static Membership membership(String groupId, byte[] value) {
        StateInput in = new StateInput("group " + groupId, value);
        in.version(VERSION);
        byte phase = in.int8();
        long sinceMillis = in.int64();
        int generation = in.int32();
        Optional<String> protocolType = in.optionalString();
        Optional<String> protocolName = in.optionalString();
        Optional<String> leader = in.optionalString();
        int count = in.count();
        List<Member> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            members.add(member(in));
        }
        in.end();
        Members all = Members.of(members);
        return new Membership(
                switch (phase) {
                    case EMPTY -> new Phase.Empty();
                    case COMPLETING -> new Phase.CompletingRebalance(all.ids());
                    case STABLE -> new Phase.Stable(Set.of());
                    default -> throw in.damaged();
                },
                generation,
                protocolType,
                protocolName,
                leader,
                all,
                Set.of(),
                sinceMillis);
    }

    private static Member member(StateInput in) {
        String id = in.string();
        Optional<String> instanceId = in.optionalString();
        Member.Client client = new Member.Client(in.string(), in.string());
        Member.Timeouts timeouts = new Member.Timeouts(in.int32(), in.int32());
        Bytes assignment = Bytes.of(in.bytes());
        int count = in.count();
        List<Protocol> protocols = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            protocols.add(new Protocol(in.string(), Bytes.of(in.bytes())));
        }
        return new Member(
                id, instanceId, client, timeouts, protocols, assignment, new Waiting.Nothing());
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

    private static byte[] membershipKey(String groupId) {
        return new StateOutput()
                .raw(MEMBERSHIP)
                .raw(groupId.getBytes(StandardCharsets.UTF_8))
                .toBytes();
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
