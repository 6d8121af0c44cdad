package io.leat.broker.group.classic;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.MembershipKey;
import io.leat.storage.api.StateStore.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How classic memberships lie in the state store. Numbers are big-endian; a string or bytes stand
 * behind their int32 length, which is -1 where there is none.
 *
 * <pre>
 * written with each generation, each assignment, and when a static member is replaced
 *   key    MembershipKey.group
 *   value  version int8 = 1
 *          phase int8 (0 empty, 1 completing, 2 stable) | since int64 | generation int32
 *          protocol type string? | protocol name string? | leader string?
 *          members int32, each:
 *            id string | instance id string? | client id string | client host string
 *            session ms int32 | rebalance ms int32 | assignment bytes
 *            protocols int32, each: name string | metadata bytes
 * </pre>
 *
 * A membership that is being prepared is not written: after a crash the generation before it is
 * there again, whose members go on or time out. Generations are written before any member hears of
 * them, so that no number is ever given twice.
 */
public final class ClassicFormat {
    public static final int VERSION = 1;
    private static final byte EMPTY = 0;
    private static final byte COMPLETING = 1;
    private static final byte STABLE = 2;

    private ClassicFormat() {}

    static Write put(String groupId, ClassicMembership membership) {
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
        return new Write.Put(MembershipKey.group(groupId), out.toBytes());
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

    /** Reads what stands behind the version. */
    public static ClassicMembership read(StateInput in) {
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
        return new ClassicMembership(
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
        Client client = new Client(in.string(), in.string());
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
}
