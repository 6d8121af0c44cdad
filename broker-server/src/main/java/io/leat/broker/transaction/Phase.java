package io.leat.broker.transaction;

import io.leat.broker.coordinator.ReplyTo;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a producer's transaction stands.
 *
 * <pre>
 *           add             end, time is up, a new instance            all is written
 *   Empty ──────► Ongoing ──────────────────────────────────► Ending ────────────────► Ended
 *     ▲             ▲                                                                   │ │
 *     │             └──────────────────────────── add ──────────────────────────────────┘ │
 *     └─────────────────────────────── a new instance ────────────────────────────────────┘
 * </pre>
 */
sealed interface Phase {
    /** No transaction since the producer came. */
    record Empty() implements Phase {}

    /**
     * A transaction is open.
     *
     * @param startMillis when it began, ms since the epoch
     */
    record Ongoing(long startMillis, Participants participants) implements Phase {}

    /**
     * It is decided how the transaction ends, and the participants are told.
     *
     * @param left those who may not know yet
     * @param nextProducerId the id to go on with, where the epochs of this one are used up
     * @param attempt how often they have been told, 0 before the first time
     * @param waiting who asked for the end and waits for it
     */
    record Ending(
            boolean committed,
            long startMillis,
            Participants left,
            OptionalLong nextProducerId,
            int attempt,
            Optional<ReplyTo<EndOutcome>> waiting)
            implements Phase {}

    /** The last transaction is over, everywhere. */
    record Ended(boolean committed) implements Phase {}

    /** The name in ListTransactions and DescribeTransactions. */
    default String displayName() {
        return switch (this) {
            case Empty e -> "Empty";
            case Ongoing o -> "Ongoing";
            case Ending e -> e.committed() ? "PrepareCommit" : "PrepareAbort";
            case Ended e -> e.committed() ? "CompleteCommit" : "CompleteAbort";
        };
    }

    /** The participants of a transaction that is open or ending. */
    default Participants participants() {
        return switch (this) {
            case Empty e -> Participants.NONE;
            case Ongoing o -> o.participants();
            case Ending e -> e.left();
            case Ended e -> Participants.NONE;
        };
    }

    /** When a transaction that is open or ending began, ms since the epoch. */
    default OptionalLong began() {
        return switch (this) {
            case Empty e -> OptionalLong.empty();
            case Ongoing o -> OptionalLong.of(o.startMillis);
            case Ending e -> OptionalLong.of(e.startMillis);
            case Ended e -> OptionalLong.empty();
        };
    }
}
