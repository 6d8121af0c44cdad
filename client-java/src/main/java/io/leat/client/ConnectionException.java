package io.leat.client;

import io.leat.client.network.TransportException;
import io.leat.wire.ErrorCode;

/**
 * No broker could be reached, the connection to it broke, or it does not speak what is needed; then
 * the code is {@link ErrorCode#UNSUPPORTED_VERSION}.
 */
public final class ConnectionException extends LeatClientException {
    private static final long serialVersionUID = 1L;

    ConnectionException(String message, TransportException cause) {
        super(
                cause.reason() == TransportException.Reason.UNSUPPORTED
                        ? ErrorCode.UNSUPPORTED_VERSION
                        : ErrorCode.NETWORK_EXCEPTION,
                cause.isRetriable(),
                message,
                cause);
    }
}
