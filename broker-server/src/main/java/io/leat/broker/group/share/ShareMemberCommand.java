package io.leat.broker.group.share;

import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.member.Client;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;

/** What may happen to the members of a share group. */
sealed interface ShareMemberCommand {
    /**
     * A member comes, is still there, or goes.
     *
     * @param epoch 0 comes, -1 goes, otherwise as the member was told last
     * @param topics what it subscribes to; empty where that did not change
     */
    record Heartbeat(
            String memberId,
            int epoch,
            Optional<String> rackId,
            Optional<List<String>> topics,
            Client client,
            ReplyTo<HeartbeatOutcome> to)
            implements ShareMemberCommand {}

    /** The group is to be there, without members. */
    record Establish(ReplyTo<ErrorCode> to) implements ShareMemberCommand {}

    /** The group is deleted, if it has no members. */
    record Delete(ReplyTo<ErrorCode> to) implements ShareMemberCommand {}

    /** Alarm: nothing was heard of a member for too long. */
    record SessionExpired(String memberId) implements ShareMemberCommand {}
}
