package io.leat.broker.group.share;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.broker.group.assign.Topics.TopicInfo;
import io.leat.broker.group.member.Client;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * How the members of a share group lie in the state store. Numbers are big-endian, strings stand
 * behind their int32 length.
 *
 * <pre>
 *   key    "share-group/" | group id, to the end
 *   value
 *   version int8 = 1 | epoch int32
 *   count of members int32, each:
 *     id string | rack string (-1 none) | client id string | client host string
 *     count of topics int32, each: name string
 *   count of topics int32, each: id 16 bytes | name string | partitions int32
 * </pre>
 */
final class ShareMemberFormat {
    private static final byte[] PREFIX = "share-group/".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private ShareMemberFormat() {}

    static Write put(String groupId, ShareMembership membership) {
        StateOutput out =
                new StateOutput()
                        .int8(VERSION)
                        .int32(membership.epoch())
                        .int32(membership.members().size());
        for (ShareMember member : membership.members()) {
            out.string(member.id())
                    .string(member.rackId())
                    .string(member.client().id())
                    .string(member.client().host())
                    .int32(member.topics().size());
            member.topics().forEach(out::string);
        }
        out.int32(membership.topics().size());
        for (TopicInfo topic : membership.topics()) {
            out.int64(topic.id().getMostSignificantBits())
                    .int64(topic.id().getLeastSignificantBits())
                    .string(topic.name())
                    .int32(topic.partitions());
        }
        return new Write.Put(key(groupId), out.toBytes());
    }

    static Write delete(String groupId) {
        return new Write.Delete(key(groupId));
    }

    private static byte[] key(String groupId) {
        return new StateOutput()
                .raw(PREFIX)
                .raw(groupId.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }

    /**
     * Reads all of them back.
     *
     * @throws io.leat.storage.api.StorageException when an entry is not what was written
     */
    static void load(StateStore store, BiConsumer<String, ShareMembership> loaded) {
        store.scan(
                PREFIX,
                (key, value) -> {
                    String groupId =
                            new String(
                                    key,
                                    PREFIX.length,
                                    key.length - PREFIX.length,
                                    StandardCharsets.UTF_8);
                    StateInput in = new StateInput("share group " + groupId, value);
                    in.version(VERSION);
                    ShareMembership membership = read(in);
                    in.end();
                    loaded.accept(groupId, membership);
                });
    }

    private static ShareMembership read(StateInput in) {
        int epoch = in.int32();
        List<ShareMember> members = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            String id = in.string();
            Optional<String> rack = in.optionalString();
            Client client = new Client(in.string(), in.string());
            List<String> names = new ArrayList<>();
            for (int topics = in.count(); topics > 0; topics--) {
                names.add(in.string());
            }
            members.add(new ShareMember(id, rack, client, names));
        }
        List<TopicInfo> topics = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            topics.add(new TopicInfo(new UUID(in.int64(), in.int64()), in.string(), in.int32()));
        }
        return new ShareMembership(epoch, members, topics);
    }
}
