package io.leat.broker.transaction;

import io.leat.wire.ErrorCode;

/** What comes of an InitProducerId. */
sealed interface InitOutcome {
    /** The producer may begin. */
    record Ready(long producerId, short epoch) implements InitOutcome {}

    /** A new producer id is needed: ask again with one. */
    record NeedsProducerId() implements InitOutcome {}

    record Refused(ErrorCode error) implements InitOutcome {}
}
