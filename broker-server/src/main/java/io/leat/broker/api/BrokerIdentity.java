package io.leat.broker.api;

import io.leat.broker.config.Endpoint;
import java.net.InetAddress;
import java.util.Map;

/**
 * Who the broker is to its clients.
 *
 * @param clusterId made once, kept in the data directory
 * @param nodeId the broker's number; it is also the controller
 * @param advertised the addresses that are configured, by listener; empty where each client is told
 *     the address by which it came
 */
public record BrokerIdentity(String clusterId, int nodeId, Map<String, Endpoint> advertised) {
    /** The address that a client which came by {@code connection} shall use. */
    public Endpoint endpointFor(ClientConnection connection) {
        Endpoint configured = advertised.get(connection.listener());
        if (configured != null) {
            return configured;
        }
        InetAddress local = connection.local().getAddress();
        String host = local == null ? connection.local().getHostString() : local.getHostAddress();
        int scope = host.indexOf('%'); // fe80::1%eth0: the interface's name means nothing elsewhere
        return new Endpoint(
                connection.listener(),
                scope < 0 ? host : host.substring(0, scope),
                connection.local().getPort());
    }
}
