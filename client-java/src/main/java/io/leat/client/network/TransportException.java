package io.leat.client.network;

/** A request that got no answer. */
public final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why there is no answer. */
    public enum Reason {
        /** Nothing accepts connections at the address, or it cannot be reached. */
        UNREACHABLE,
        /** The connection ended before the answer came. */
        DISCONNECTED,
        /** The answer took longer than allowed. */
        TIMED_OUT,
        /** Too many requests wait for this broker. */
        OVERLOADED,
        /** The broker speaks no version of the request that this client speaks. */
        UNSUPPORTED,
        /** One side does not believe that the other is who it should be. */
        NOT_AUTHENTICATED,
        /** The answer is not what the protocol calls for. */
        MALFORMED,
        /** The client was closed. */
        CLOSED
    }

    private final Reason reason;

    TransportException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    TransportException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why there is no answer. */
    public Reason reason() {
        return reason;
    }

    /** Whether the same request may succeed later, or at another broker. */
    public boolean isRetriable() {
        return reason == Reason.UNREACHABLE
                || reason == Reason.DISCONNECTED
                || reason == Reason.TIMED_OUT
                || reason == Reason.OVERLOADED;
    }
}
