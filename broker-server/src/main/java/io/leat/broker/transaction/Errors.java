package io.leat.broker.transaction;

import io.leat.wire.ErrorCode;

/** Errors in the words of older clients. */
final class Errors {
    private Errors() {}

    /**
     * What a client is told.
     *
     * @param knowsFenced whether it knows PRODUCER_FENCED (KIP-588)
     */
    static ErrorCode of(ErrorCode error, boolean knowsFenced) {
        return error == ErrorCode.PRODUCER_FENCED && !knowsFenced
                ? ErrorCode.INVALID_PRODUCER_EPOCH
                : error;
    }
}
