package io.leat.client;

import io.leat.wire.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in a client. The message says what was tried, on which topic, partition, group or
 * broker, and what to do.
 *
 * <p>Its kinds: a {@link BrokerException} is a broker's answer, a {@link ConnectionException} the
 * lack of a broker, an {@link AuthenticationException} the lack of trust, a {@link
 * ClientTimeoutException} the end of the caller's patience, a {@link ClientInterruptedException} an
 * interrupt while waiting, a {@link RecordDeserializationException} a record that cannot be read.
 * Wrong arguments are {@link IllegalArgumentException}, calls at the wrong moment {@link
 * IllegalStateException}.
 */
public abstract sealed class LeatClientException extends RuntimeException
        permits AuthenticationException,
                BrokerException,
                ClientInterruptedException,
                ClientTimeoutException,
                ConnectionException,
                RecordDeserializationException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode errorCode;
    private final boolean retriable;

    LeatClientException(
            ErrorCode errorCode, boolean retriable, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.errorCode = errorCode;
        this.retriable = retriable;
    }

    /** The protocol's word for it, also for what a client finds by itself. */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** Whether the same call may succeed later with nothing changed by the caller. */
    public boolean isRetriable() {
        return retriable;
    }
}
