package io.leat.broker.network;

import io.leat.broker.api.ClientConnection;
import io.leat.broker.api.Session;
import io.leat.broker.config.Endpoint;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.security.Principal;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * An address to listen on, and what is asked of who comes.
 *
 * @param endpoint where
 * @param gate how clients authenticate by SASL, and what they may do
 * @param tls what encrypts the connections, where they are
 * @param users turns a certificate's distinguished name into a user's name
 * @param failures is told of clients that TLS did not let in
 */
public record Listener(
        Endpoint endpoint,
        Session.Gate gate,
        Optional<Tls> tls,
        UnaryOperator<String> users,
        Failures failures) {
    /** Is told of clients that were not let in. Any thread; must not wait. */
    @FunctionalInterface
    public interface Failures {
        void failed(ClientConnection connection, String reason);
    }

    /** One without security. */
    public static Listener open(Endpoint endpoint) {
        return new Listener(
                endpoint,
                Session.Gate.OPEN,
                Optional.empty(),
                UnaryOperator.identity(),
                (connection, reason) -> {});
    }

    /** Who the client's certificate says it is, where it showed one and SASL does not say so. */
    Optional<String> certificatePrincipal(ChannelPipeline pipeline) {
        SslHandler handler = pipeline.get(SslHandler.class);
        if (handler == null || !gate.mechanisms().isEmpty()) {
            return Optional.empty();
        }
        try {
            Principal peer = handler.engine().getSession().getPeerPrincipal();
            return Optional.of("User:" + users.apply(peer.getName()));
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty(); // it showed none, and need not
        }
    }

    void failed(ClientConnection connection, String reason) {
        failures.failed(connection, reason);
    }
}
