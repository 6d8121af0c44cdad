package io.leat.client;

import io.leat.client.network.TransportException;
import io.leat.wire.ErrorCode;

/** No broker could be reached, or the connection to it broke. */
public final class ConnectionException extends LeatClientException {
    private static final long serialVersionUID = 1L;

    ConnectionException(String message, TransportException cause) {
        super(ErrorCode.NETWORK_EXCEPTION, cause.isRetriable(), message, cause);
    }
}
