package io.leat.client;

import io.leat.client.network.TransportException;
import io.leat.wire.ErrorCode;

/**
 * A broker does not believe that the client is who it says, or the client does not trust the
 * broker. To try again does not help.
 */
public final class AuthenticationException extends LeatClientException {
    private static final long serialVersionUID = 1L;

    AuthenticationException(String message, TransportException cause) {
        super(ErrorCode.SASL_AUTHENTICATION_FAILED, false, message, cause);
    }
}
