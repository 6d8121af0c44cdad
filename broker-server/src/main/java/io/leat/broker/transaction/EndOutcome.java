package io.leat.broker.transaction;

import io.leat.wire.ErrorCode;

/** What comes of an EndTxn. */
sealed interface EndOutcome {
    /**
     * The transaction is over, everywhere and durably.
     *
     * @param producerId the producer id to go on with
     * @param epoch the epoch to go on with
     */
    record Done(long producerId, short epoch) implements EndOutcome {}

    /** A new producer id is needed: ask again with one. */
    record NeedsProducerId() implements EndOutcome {}

    record Refused(ErrorCode error) implements EndOutcome {}
}
