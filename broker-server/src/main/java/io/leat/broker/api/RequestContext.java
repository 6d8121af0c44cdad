package io.leat.broker.api;

import io.leat.broker.access.Access;

/**
 * What a handler knows about a request besides its message.
 *
 * @param apiVersion the version of the request, and of the reply
 * @param correlationId the client's number for it
 * @param clientId what the client calls itself, empty when it does not say
 * @param connection by which the request came
 * @param session who the client is, and for how long
 * @param scope the request's lifetime
 */
public record RequestContext(
        short apiVersion,
        int correlationId,
        String clientId,
        ClientConnection connection,
        Session session,
        RequestScope scope) {
    /** Of a client that need not say who it is. */
    public RequestContext(
            short apiVersion,
            int correlationId,
            String clientId,
            ClientConnection connection,
            RequestScope scope) {
        this(apiVersion, correlationId, clientId, connection, Session.open(connection), scope);
    }

    /** What the client may do. */
    public Access access() {
        return connection.access();
    }
}
