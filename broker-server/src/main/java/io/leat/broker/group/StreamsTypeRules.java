package io.leat.broker.group;

import io.leat.broker.group.classic.ClassicCommand;
import io.leat.broker.group.classic.ClassicRules;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.LeaveOutcome;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.broker.group.streams.HeartbeatOutcome;
import io.leat.broker.group.streams.StreamsCommand;
import io.leat.broker.group.streams.StreamsCommand.Heartbeat;
import io.leat.broker.group.streams.StreamsMembership;
import io.leat.broker.group.streams.StreamsRules;
import io.leat.wire.ErrorCode;

/**
 * How a group becomes a streams group: when it has no members and one of the streams protocol
 * comes. Its offsets stay, so an application goes on where it was. There is no way with members.
 */
final class StreamsTypeRules {
    private StreamsTypeRules() {}

    /** Decides on what a member of the streams protocol asks. */
    static void decide(Draft draft, StreamsCommand command) {
        if (command instanceof Heartbeat heartbeat
                && !(draft.membership() instanceof Membership.Streams)
                && !prepare(draft, heartbeat)) {
            return;
        }
        if (draft.membership() instanceof Membership.Streams it) {
            draft.streams(it.streams(), streams -> StreamsRules.decide(streams, command));
        }
    }

    /** Makes the group a streams group if it can be one, or says why it cannot. */
    private static boolean prepare(Draft draft, Heartbeat heartbeat) {
        Membership membership = draft.membership();
        if (heartbeat.epoch() != 0) {
            refuse(
                    draft,
                    heartbeat,
                    ErrorCode.UNKNOWN_MEMBER_ID,
                    "There is no member " + heartbeat.member().memberId());
            return false;
        }
        if (!membership.isEmpty()) {
            refuse(
                    draft,
                    heartbeat,
                    ErrorCode.GROUP_ID_NOT_FOUND,
                    "Group '%s' has members of the %s protocol"
                            .formatted(draft.groupId(), membership.type().noun()));
            return false;
        }
        if (membership instanceof Membership.Classic it) {
            draft.classic(it.classic(), ClassicRules::dismiss);
        }
        draft.become(
                new Membership.Streams(
                        StreamsMembership.none(membership.roster().epoch(), draft.nowMillis())));
        return true;
    }

    static void refuse(Draft draft, Heartbeat heartbeat, ErrorCode error, String message) {
        draft.reply(heartbeat.to(), HeartbeatOutcome.refused(error, message));
    }

    /** Nobody in a streams group speaks the classic protocol. */
    static void refuse(Draft draft, ClassicCommand command) {
        switch (command) {
            case ClassicCommand.Join join ->
                    draft.reply(
                            join.to(),
                            JoinOutcome.refused(
                                    ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                                    join.member().memberId()));
            case ClassicCommand.Sync sync ->
                    draft.reply(sync.to(), SyncOutcome.refused(ErrorCode.UNKNOWN_MEMBER_ID));
            case ClassicCommand.Heartbeat heartbeat ->
                    draft.reply(heartbeat.to(), ErrorCode.UNKNOWN_MEMBER_ID);
            case ClassicCommand.Leave leave ->
                    draft.reply(
                            leave.to(),
                            new LeaveOutcome(
                                    ErrorCode.NONE,
                                    leave.members().stream()
                                            .map(member -> ErrorCode.UNKNOWN_MEMBER_ID)
                                            .toList()));
            // Alarms of the time before the group became a streams group.
            case ClassicCommand.SessionExpired expired -> {}
            case ClassicCommand.NewcomerExpired expired -> {}
            case ClassicCommand.JoinPhaseEnds ends -> {}
            case ClassicCommand.SyncPhaseEnds ends -> {}
        }
    }
}
