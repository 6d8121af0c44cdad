package io.leat.client;

import io.leat.wire.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for did not happen in time. Its cause, where there is one, is what the last
 * attempt failed with.
 */
public final class ClientTimeoutException extends LeatClientException {
    private static final long serialVersionUID = 1L;

    ClientTimeoutException(String message, @Nullable Throwable cause) {
        super(ErrorCode.REQUEST_TIMED_OUT, true, message, cause);
    }
}
