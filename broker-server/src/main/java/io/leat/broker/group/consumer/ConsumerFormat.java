package io.leat.broker.group.consumer;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.assign.Target;
import io.leat.broker.group.classic.Bytes;
import io.leat.broker.group.classic.Protocol;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.GroupType;
import io.leat.broker.group.member.MembershipKey;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * How consumer memberships lie in the state store. Only what a decision changes is written.
 *
 * <pre>
 * group: see MembershipKey; behind the type
 *   epoch int32 | target epoch int32 | assignor string | since int64
 *   topics int32, each: id 16 bytes | partitions int32
 *
 * member: see MembershipKey; behind the version
 *   instance id string? | rack id string? | client id string | client host string
 *   rebalance ms int32 | assignor string?
 *   names int32, each string | pattern string?
 *   epoch int32 | previous epoch int32 | state int8 (0 stable, 1 unrevoked, 2 unreleased)
 *   assigned partitions | revoking partitions | target partitions (PartitionSet)
 *   classic int8 (0 no, 1 yes); if yes:
 *     session ms int32 | protocols int32, each: name string | metadata bytes
 * </pre>
 */
public final class ConsumerFormat {
    private static final int GROUP_VERSION = 2;
    private static final int MEMBER_VERSION = 1;

    private ConsumerFormat() {}

    /** What makes the stored membership {@code after}, where {@code before} is stored. */
    public static List<Write> writes(
            String groupId, Optional<ConsumerMembership> before, ConsumerMembership after) {
        List<Write> writes = new ArrayList<>();
        byte[] group = group(after);
        if (before.isEmpty() || !Arrays.equals(group(before.get()), group)) {
            writes.add(new Write.Put(MembershipKey.group(groupId), group));
        }
        for (ConsumerMember member : after.all()) {
            Optional<ConsumerMember> old = before.flatMap(b -> b.get(member.id()));
            boolean same =
                    old.isPresent()
                            && old.get().equals(member)
                            && before.get()
                                    .target()
                                    .of(member.id())
                                    .equals(after.target().of(member.id()));
            if (!same) {
                writes.add(
                        new Write.Put(
                                MembershipKey.member(groupId, member.id()),
                                member(member, after.target().of(member.id()))));
            }
        }
        before.ifPresent(b ->
                b.all().stream()
                        .filter(member -> after.get(member.id()).isEmpty())
                        .forEach(member ->
                                writes.add(
                                        new Write.Delete(
                                                MembershipKey.member(groupId, member.id())))));
        return writes;
    }

    /** What removes the members of a stored membership; the group's own entry stays. */
    public static List<Write> deleteMembers(String groupId, ConsumerMembership membership) {
        return membership.all().stream()
                .<Write>map(member -> new Write.Delete(MembershipKey.member(groupId, member.id())))
                .toList();
    }

    private static byte[] group(ConsumerMembership membership) {
        StateOutput out =
                new StateOutput()
                        .int8(GROUP_VERSION)
                        .int8(GroupType.CONSUMER.code())
                        .int32(membership.epoch())
                        .int32(membership.target().epoch())
                        .string(membership.assignor())
                        .int64(membership.sinceMillis())
                        .int32(membership.topics().partitions().size());
        membership
                .topics()
                .partitions()
                .forEach((id, partitions) ->
                        out.int64(id.getMostSignificantBits())
                                .int64(id.getLeastSignificantBits())
                                .int32(partitions));
        return out.toBytes();
    }

    private static byte[] member(ConsumerMember member, PartitionSet target) {
        StateOutput out =
                new StateOutput()
                        .int8(MEMBER_VERSION)
                        .string(member.instanceId())
                        .string(member.rackId())
                        .string(member.client().id())
                        .string(member.client().host())
                        .int32(member.rebalanceTimeoutMillis())
                        .string(member.assignor())
                        .int32(member.subscription().names().size());
        member.subscription().names().forEach(out::string);
        Standing standing = member.standing();
        out.string(member.subscription().pattern())
                .int32(standing.epoch())
                .int32(standing.previousEpoch())
                .int8(standing.state().code());
        standing.assigned().write(out);
        standing.revoking().write(out);
        target.write(out);
        out.int8(member.isClassic() ? 1 : 0);
        member.classic()
                .ifPresent(side -> {
                    out.int32(side.sessionMillis()).int32(side.protocols().size());
                    for (Protocol protocol : side.protocols()) {
                        out.string(protocol.name()).bytes(protocol.metadata().content());
                    }
                });
        return out.toBytes();
    }

    /** Reads what stands behind the type, and the members. */
    public static ConsumerMembership read(String groupId, StateInput in, StateStore store) {
        int epoch = in.int32();
        int targetEpoch = in.int32();
        String assignor = in.string();
        long sinceMillis = in.int64();
        SortedMap<UUID, Integer> topics = new TreeMap<>();
        int count = in.count();
        for (int i = 0; i < count; i++) {
            topics.put(new UUID(in.int64(), in.int64()), in.int32());
        }
        in.end();
        SortedMap<String, ConsumerMember> members = new TreeMap<>();
        Map<String, PartitionSet> targets = new TreeMap<>();
        store.scan(
                MembershipKey.members(groupId),
                (key, value) -> {
                    String memberId = MembershipKey.memberId(groupId, key);
                    StateInput memberIn =
                            new StateInput(
                                    "member %s of group %s".formatted(memberId, groupId), value);
                    members.put(memberId, member(memberId, memberIn, targets));
                });
        return new ConsumerMembership(
                epoch,
                new Target(targetEpoch, targets),
                assignor,
                members,
                new WantedTopics(-1, topics, Map.of()),
                0,
                sinceMillis);
    }

    private static ConsumerMember member(
            String memberId, StateInput in, Map<String, PartitionSet> targets) {
        in.version(MEMBER_VERSION);
        Optional<String> instanceId = in.optionalString();
        Optional<String> rackId = in.optionalString();
        Client client = new Client(in.string(), in.string());
        int rebalanceMillis = in.int32();
        Optional<String> assignor = in.optionalString();
        int count = in.count();
        TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            names.add(in.string());
        }
        Subscription subscription = new Subscription(names, in.optionalString());
        Standing standing =
                new Standing(
                        in.int32(),
                        in.int32(),
                        Standing.State.of(in.int8()).orElseThrow(in::damaged),
                        PartitionSet.read(in),
                        PartitionSet.read(in));
        targets.put(memberId, PartitionSet.read(in));
        Optional<ClassicSide> classic = in.int8() == 0 ? Optional.empty() : Optional.of(side(in));
        in.end();
        return new ConsumerMember(
                memberId,
                instanceId,
                rackId,
                client,
                rebalanceMillis,
                subscription,
                assignor,
                standing,
                classic);
    }

    private static ClassicSide side(StateInput in) {
        int sessionMillis = in.int32();
        int count = in.count();
        List<Protocol> protocols = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            protocols.add(new Protocol(in.string(), Bytes.of(in.bytes())));
        }
        return new ClassicSide(sessionMillis, protocols, ClassicSide.Step.NONE);
    }
}
