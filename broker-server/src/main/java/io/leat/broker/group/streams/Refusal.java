package io.leat.broker.group.streams;

import io.leat.broker.group.member.Wording;
import io.leat.wire.ErrorCode;

/** Ends a decision that cannot be what was asked for. Nothing has been changed. */
@SuppressWarnings("serial") // never serialized
final class Refusal extends RuntimeException {
    private final ErrorCode error;

    Refusal(ErrorCode error, String message) {
        super(Wording.bounded(message), null, false, false);
        this.error = error;
    }

    ErrorCode error() {
        return error;
    }
}
