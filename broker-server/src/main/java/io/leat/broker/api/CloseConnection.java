package io.leat.broker.api;

/**
 * Thrown, or set on a handler's stage, where the protocol has no better answer than to close the
 * connection. The message goes to the log in one line, without a stack trace.
 */
public final class CloseConnection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CloseConnection(String reason) {
        super(reason, null, false, false);
    }
}
