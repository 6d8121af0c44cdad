package io.leat.broker.group.streams;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.GroupType;
import io.leat.broker.group.member.MembershipKey;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How streams memberships lie in the state store. Only what a decision changes is written.
 *
 * <pre>
 * group: see MembershipKey; behind the type
 *   epoch int32 | target epoch int32 | standbys int32 | endpoint epoch int32 | since int64
 *   tasks int32, each: subtopology string | partitions int32
 *   topology int8 (0 none, 1 one); if one: see TopologyFormat
 *
 * member: see MembershipKey; behind the version
 *   instance id string? | rack id string? | client id string | client host string
 *   rebalance ms int32 | topology epoch int32 | process id string
 *   endpoint host string? | endpoint port int32 (0 without a host)
 *   tags int32, each: key string | value string
 *   epoch int32 | previous epoch int32 | loyal epoch int32
 *   state int8 (0 stable, 1 unrevoked, 2 unreleased)
 *   assigned | revoking | ideal target | target, each: active, standby, warm-up (TaskSet)
 * </pre>
 */
public final class StreamsFormat {
    private static final int GROUP_VERSION = 2;
    private static final int MEMBER_VERSION = 1;

    private StreamsFormat() {}

    /** What makes the stored membership {@code after}, where {@code before} is stored. */
    public static List<Write> writes(
            String groupId, Optional<StreamsMembership> before, StreamsMembership after) {
        List<Write> writes = new ArrayList<>();
        byte[] group = group(after);
        if (before.isEmpty() || !Arrays.equals(group(before.get()), group)) {
            writes.add(new Write.Put(MembershipKey.group(groupId), group));
        }
        for (StreamsMember member : after.all()) {
            boolean same =
                    before.flatMap(b -> b.get(member.id())).filter(member::equals).isPresent()
                            && sameTarget(before.get().target(), after.target(), member.id());
            if (!same) {
                writes.add(
                        new Write.Put(
                                MembershipKey.member(groupId, member.id()),
                                member(member, after.target())));
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

    private static boolean sameTarget(StreamsTarget before, StreamsTarget after, String memberId) {
        return before.of(memberId).equals(after.of(memberId))
                && before.idealOf(memberId).equals(after.idealOf(memberId));
    }

    /** What removes the members of a stored membership; the group's own entry stays. */
    public static List<Write> deleteMembers(String groupId, StreamsMembership membership) {
        return membership.all().stream()
                .<Write>map(member -> new Write.Delete(MembershipKey.member(groupId, member.id())))
                .toList();
    }

    private static byte[] group(StreamsMembership membership) {
        StateOutput out =
                new StateOutput()
                        .int8(GROUP_VERSION)
                        .int8(GroupType.STREAMS.code())
                        .int32(membership.epoch())
                        .int32(membership.target().epoch())
                        .int32(membership.target().standbys())
                        .int32(membership.endpointEpoch())
                        .int64(membership.sinceMillis())
                        .int32(membership.resolved().tasks().size());
        membership.resolved().tasks().forEach((id, count) -> out.string(id).int32(count));
        out.int8(membership.topology().isPresent() ? 1 : 0);
        membership.topology().ifPresent(topology -> TopologyFormat.write(topology, out));
        return out.toBytes();
    }

    private static byte[] member(StreamsMember member, StreamsTarget target) {
        StateOutput out =
                new StateOutput()
                        .int8(MEMBER_VERSION)
                        .string(member.instanceId())
                        .string(member.rackId())
                        .string(member.client().id())
                        .string(member.client().host())
                        .int32(member.rebalanceTimeoutMillis())
                        .int32(member.topologyEpoch())
                        .string(member.processId())
                        .string(member.endpoint().map(StreamsMember.Endpoint::host))
                        .int32(member.endpoint().map(StreamsMember.Endpoint::port).orElse(0))
                        .int32(member.tags().size());
        member.tags().forEach((key, value) -> out.string(key).string(value));
        Standing standing = member.standing();
        out.int32(standing.epoch())
                .int32(standing.previousEpoch())
                .int32(standing.loyalEpoch())
                .int8(standing.state().code());
        standing.assigned().write(out);
        standing.revoking().write(out);
        target.idealOf(member.id()).write(out);
        target.of(member.id()).write(out);
        return out.toBytes();
    }

    /** Reads what stands behind the type, and the members. */
    public static StreamsMembership read(String groupId, StateInput in, StateStore store) {
        int epoch = in.int32();
        int targetEpoch = in.int32();
        int standbys = in.int32();
        int endpointEpoch = in.int32();
        long sinceMillis = in.int64();
        SortedMap<String, Integer> tasks = new TreeMap<>();
        int count = in.count();
        for (int i = 0; i < count; i++) {
            tasks.put(in.string(), in.int32());
        }
        Optional<Topology> topology =
                in.int8() == 0 ? Optional.empty() : Optional.of(TopologyFormat.read(in));
        in.end();
        SortedMap<String, StreamsMember> members = new TreeMap<>();
        SortedMap<String, Tasks> ideal = new TreeMap<>();
        SortedMap<String, Tasks> targets = new TreeMap<>();
        store.scan(
                MembershipKey.members(groupId),
                (key, value) -> {
                    String memberId = MembershipKey.memberId(groupId, key);
                    StateInput memberIn =
                            new StateInput(
                                    "member %s of group %s".formatted(memberId, groupId), value);
                    members.put(memberId, member(memberId, memberIn));
                    ideal.put(memberId, Tasks.read(memberIn));
                    targets.put(memberId, Tasks.read(memberIn));
                    memberIn.end();
                });
        return new StreamsMembership(
                epoch,
                new StreamsTarget(targetEpoch, standbys, ideal, targets),
                members,
                topology,
                ResolvedTopology.stored(tasks),
                endpointEpoch,
                Passing.NONE,
                sinceMillis);
    }

    private static StreamsMember member(String memberId, StateInput in) {
        in.version(MEMBER_VERSION);
        Optional<String> instanceId = in.optionalString();
        Optional<String> rackId = in.optionalString();
        Client client = new Client(in.string(), in.string());
        int rebalanceMillis = in.int32();
        int topologyEpoch = in.int32();
        String processId = in.string();
        Optional<String> host = in.optionalString();
        int port = in.int32();
        SortedMap<String, String> tags = new TreeMap<>();
        int count = in.count();
        for (int i = 0; i < count; i++) {
            tags.put(in.string(), in.string());
        }
        Standing standing =
                new Standing(
                        in.int32(),
                        in.int32(),
                        in.int32(),
                        Standing.State.of(in.int8()).orElseThrow(in::damaged),
                        Tasks.read(in),
                        Tasks.read(in));
        return new StreamsMember(
                memberId,
                instanceId,
                rackId,
                client,
                rebalanceMillis,
                topologyEpoch,
                processId,
                host.map(name -> new StreamsMember.Endpoint(name, port)),
                tags,
                standing);
    }
}
