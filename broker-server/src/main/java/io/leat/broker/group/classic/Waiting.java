package io.leat.broker.group.classic;

import io.leat.broker.coordinator.ReplyTo;

/** What a member waits for. */
public sealed interface Waiting {
    record Nothing() implements Waiting {}

    /** For the next generation. Only while the group is preparing a rebalance. */
    record ForJoin(ReplyTo<JoinOutcome> to) implements Waiting {}

    /** For the leader's assignment. Only while the group is completing a rebalance. */
    record ForSync(ReplyTo<SyncOutcome> to) implements Waiting {}
}
