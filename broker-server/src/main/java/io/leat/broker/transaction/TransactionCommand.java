package io.leat.broker.transaction;

import io.leat.broker.coordinator.ReplyTo;
import io.leat.wire.ErrorCode;
import java.util.Optional;
import java.util.OptionalLong;

/** What may happen to a transactional id. */
sealed interface TransactionCommand {
    /** Who a request says it is from. */
    record Identity(long producerId, short epoch) {}

    /**
     * A producer comes, or comes back.
     *
     * @param expected who it was, if it says so (KIP-360): only that one may go on
     * @param freshId a producer id nobody has, where the rules asked for it
     */
    record Init(
            Optional<Identity> expected,
            int timeoutMillis,
            OptionalLong freshId,
            ReplyTo<InitOutcome> to)
            implements TransactionCommand {}

    /** Participants join the transaction, which begins with the first. */
    record Add(Identity producer, Participants participants, ReplyTo<ErrorCode> to)
            implements TransactionCommand {}

    /** Are they participants? {@code INVALID_TXN_STATE} if not. */
    record Verify(Identity producer, Participants participants, ReplyTo<ErrorCode> to)
            implements TransactionCommand {}

    /**
     * The producer ends its transaction.
     *
     * @param epochPerTransaction whether the client speaks transaction version 2
     * @param freshId a producer id nobody has, where the rules asked for it
     */
    record End(
            Identity producer,
            boolean committed,
            boolean epochPerTransaction,
            OptionalLong freshId,
            ReplyTo<EndOutcome> to)
            implements TransactionCommand {}

    /**
     * An attempt to tell the participants of an end is over.
     *
     * @param producer of the attempt, so that it is not taken for another one
     * @param done those who know
     */
    record Told(Identity producer, Participants done, ReplyTo<ErrorCode> to)
            implements TransactionCommand {}

    /** Alarm: tell the participants how the transaction ends. */
    record Tell() implements TransactionCommand {}

    /** Alarm: the transaction takes too long. */
    record TimedOut() implements TransactionCommand {}

    /** Alarm: the producer has been silent for very long. */
    record Expired() implements TransactionCommand {}
}
