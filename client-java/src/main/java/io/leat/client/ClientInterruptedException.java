package io.leat.client;

import io.leat.wire.ErrorCode;

/** The calling thread was interrupted while it waited; its interrupt flag is set again. */
public final class ClientInterruptedException extends LeatClientException {
    private static final long serialVersionUID = 1L;

    ClientInterruptedException(String message, InterruptedException cause) {
        super(ErrorCode.UNKNOWN_SERVER_ERROR, true, message, cause);
    }
}
