package io.leat.broker.cluster;

import io.leat.broker.api.ClientConnection;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;

/**
 * Delegation tokens (KIP-48) are switched off: they spare large clusters of short-lived workers a
 * Kerberos server, and there is none here.
 */
final class DelegationTokens {
    private DelegationTokens() {}

    /** What Apache Kafka answers, with tokens switched off, to who asks. */
    static ErrorCode refusal(RequestContext context) {
        return context.connection().principal().equals(ClientConnection.ANONYMOUS)
                ? ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED
                : ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED;
    }
}
