package io.leat.client;

import io.leat.wire.ErrorCode;

/**
 * A broker does not believe that the client is who it says, or the client does not trust the
 * broker, or a file that it needs for this cannot be used. To try again does not help.
 */
public final class AuthenticationException extends LeatClientException {
    private static final long serialVersionUID = 1L;

    AuthenticationException(String message, Exception cause) {
        super(ErrorCode.SASL_AUTHENTICATION_FAILED, false, message, cause);
    }
}
