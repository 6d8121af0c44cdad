package io.leat.broker.group.classic;

import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What may happen to the members of a classic group. */
public sealed interface ClassicCommand {
    /** Whether it may be refused where the group grows and there is no room. */
    default boolean isRefusable() {
        return this instanceof Join || this instanceof Sync;
    }

    /** A member joins, or joins again. */
    record Join(
            Identity member,
            Client client,
            Member.Timeouts timeouts,
            String protocolType,
            List<Protocol> protocols,
            JoinOptions options,
            ReplyTo<JoinOutcome> to)
            implements ClassicCommand {}

    /** A member asks for its assignment; the leader brings everyone's. */
    record Sync(
            Identity member,
            int generation,
            Optional<String> protocolType,
            Optional<String> protocolName,
            Map<String, Bytes> assignments,
            ReplyTo<SyncOutcome> to)
            implements ClassicCommand {}

    record Heartbeat(Identity member, int generation, ReplyTo<ErrorCode> to)
            implements ClassicCommand {}

    /** Members leave, or an administrator removes them: static ones by instance id alone. */
    record Leave(List<Identity> members, ReplyTo<LeaveOutcome> to) implements ClassicCommand {}

    /** Alarm: a member has not been heard of for its session timeout. */
    record SessionExpired(String memberId) implements ClassicCommand {}

    /** Alarm: one who is not a member yet has waited, or been waited for, too long. */
    record NewcomerExpired(String memberId) implements ClassicCommand {}

    /** Alarm: the time to join is over. */
    record JoinPhaseEnds() implements ClassicCommand {}

    /** Alarm: the time to sync is over. */
    record SyncPhaseEnds() implements ClassicCommand {}

    /**
     * What a join's version of the protocol asks for.
     *
     * @param newMemberId the id to give if a new one is due
     * @param idFirst whether a new dynamic member gets its id first and joins with it (KIP-394)
     * @param canSkipAssignment whether a returning leader can be told to leave the assignment alone
     *     (KIP-814)
     */
    record JoinOptions(String newMemberId, boolean idFirst, boolean canSkipAssignment) {}
}
