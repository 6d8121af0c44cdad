package io.leat.broker.topic;

import io.leat.wire.ErrorCode;

/** What was asked of a topic cannot be done; the message is for the client. */
public final class TopicException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    public TopicException(ErrorCode error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    public ErrorCode error() {
        return error;
    }
}
