package io.leat.broker.network;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.config.SecurityKeys;
import io.netty.util.internal.PlatformDependent;

/** The bounds and options of the network, as {@link BrokerKeys} explains them. */
public record NetworkConfig(
        int threads,
        int requestBytesMax,
        int inflightRequestsMax,
        int inflightBytesMax,
        long idleMillisMax,
        long receiveMillisMax,
        long queuedBytesMax,
        int backlog,
        int sendBufferBytes,
        int receiveBufferBytes,
        long authenticationMillisMax,
        long tlsRefreshMillis) {

    public static NetworkConfig of(BrokerConfig config) {
        return new NetworkConfig(
                config.get(BrokerKeys.NETWORK_THREADS),
                config.get(BrokerKeys.SOCKET_REQUEST_MAX_BYTES),
                config.get(BrokerKeys.INFLIGHT_REQUESTS_MAX),
                config.get(BrokerKeys.INFLIGHT_BYTES_MAX),
                config.get(BrokerKeys.CONNECTIONS_MAX_IDLE_MS),
                config.get(BrokerKeys.REQUEST_RECEIVE_MAX_MS),
                queuedBytesMax(config),
                config.get(BrokerKeys.SOCKET_LISTEN_BACKLOG_SIZE),
                config.get(BrokerKeys.SOCKET_SEND_BUFFER_BYTES),
                config.get(BrokerKeys.SOCKET_RECEIVE_BUFFER_BYTES),
                config.get(SecurityKeys.AUTHENTICATION_TIMEOUT_MS),
                config.get(SecurityKeys.SSL_RELOAD_INTERVAL_MS));
    }

    private static long queuedBytesMax(BrokerConfig config) {
        long configured = config.get(BrokerKeys.QUEUED_MAX_REQUEST_BYTES);
        return configured > 0 ? configured : PlatformDependent.maxDirectMemory() / 4;
    }
}
