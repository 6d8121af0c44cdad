package io.leat.broker.telemetry;

import io.leat.broker.api.RequestContext;
import io.leat.wire.TopicIds;
import java.net.InetSocketAddress;
import java.util.UUID;

/** What is known of a client that asks for subscriptions, by KIP-714's names. */
record ClientDescription(UUID instanceId, String clientId, InetSocketAddress remote) {
    static ClientDescription of(UUID instanceId, RequestContext context) {
        return new ClientDescription(instanceId, context.clientId(), context.connection().remote());
    }

    /** Empty for what clients of this broker are not asked for: their software. */
    String value(String selector) {
        return switch (selector) {
            case "client_instance_id" -> TopicIds.text(instanceId);
            case "client_id" -> clientId;
            case "client_source_address" -> remote.getAddress().getHostAddress();
            case "client_source_port" -> Integer.toString(remote.getPort());
            default -> "";
        };
    }
}
