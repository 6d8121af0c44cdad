package io.leat.client;

import io.leat.client.network.TransportException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Turns what futures fail with into what callers see. */
final class Failures {
    private Failures() {}

    /** The failure itself, without what futures wrap around it. */
    static Throwable unwrap(Throwable failure) {
        Throwable bare = failure;
        while ((bare instanceof CompletionException || bare instanceof ExecutionException)
                && bare.getCause() != null) {
            bare = bare.getCause();
        }
        return bare;
    }

    /** Whether the same may succeed when it is tried again. */
    static boolean isRetriable(Throwable failure) {
        Throwable bare = unwrap(failure);
        return (bare instanceof TransportException transport && transport.isRetriable())
                || (bare instanceof LeatClientException client && client.isRetriable());
    }

    /** Whether it failed because the client was closed meanwhile. */
    static boolean isClosed(Throwable failure) {
        Throwable bare = unwrap(failure);
        Throwable transport =
                bare instanceof LeatClientException && bare.getCause() != null
                        ? bare.getCause()
                        : bare;
        return transport instanceof TransportException known
                && known.reason() == TransportException.Reason.CLOSED;
    }

    /**
     * What to throw at the caller.
     *
     * @param what the caller wanted, such as {@code create topic 'flights'}
     */
    static RuntimeException toThrow(Throwable failure, String what) {
        Throwable bare = unwrap(failure);
        if (bare instanceof TransportException transport) {
            return fromTransport(transport, what);
        }
        if (bare instanceof RuntimeException runtime) {
            return runtime;
        }
        if (bare instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("cannot " + what, bare);
    }

    static LeatClientException fromTransport(TransportException failure, String what) {
        String message = "cannot " + what + ": " + failure.getMessage();
        return switch (failure.reason()) {
            case TIMED_OUT -> new ClientTimeoutException(message, failure);
            case NOT_AUTHENTICATED -> new AuthenticationException(message, failure);
            default -> new ConnectionException(message, failure);
        };
    }

    /** What a caller's patience ended with. */
    static ClientTimeoutException timedOut(
            String what, Deadline deadline, @Nullable Throwable last) {
        String why = last == null ? "" : "; the last attempt: " + unwrap(last).getMessage();
        return new ClientTimeoutException(
                "cannot " + what + " within " + deadline + why, last == null ? null : unwrap(last));
    }
}
