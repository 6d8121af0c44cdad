package io.leat.broker.api;

import io.leat.broker.access.Access;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The connection by which a request came. Immutable; a connection whose principal changes gives its
 * later requests a new one.
 *
 * @param id names the connection in the log; unique while the broker runs
 * @param remote the client's address
 * @param local the address the client reached us by: what is advertised unless configured otherwise
 * @param listener the name of the listener that accepted it
 * @param principal who the client is, {@code User:ANONYMOUS} without authentication
 * @param access what the client may do
 * @param loop the connection's own thread: never block it. Tasks run in order
 * @param closed completes when the connection has ended, however
 */
public record ClientConnection(
        String id,
        InetSocketAddress remote,
        InetSocketAddress local,
        String listener,
        String principal,
        Access access,
        ScheduledExecutorService loop,
        CompletionStage<Void> closed) {
    /** The principal of clients that did not authenticate. */
    public static final String ANONYMOUS = "User:ANONYMOUS";

    /** The same connection, of which more is known now. */
    ClientConnection withPrincipal(String name, Access may) {
        return new ClientConnection(id, remote, local, listener, name, may, loop, closed);
    }

    /** A connection whose end nobody hears of. */
    public ClientConnection(
            String id,
            InetSocketAddress remote,
            InetSocketAddress local,
            String listener,
            String principal,
            Access access,
            ScheduledExecutorService loop) {
        this(id, remote, local, listener, principal, access, loop, new CompletableFuture<>());
    }

    /** The client's host as group and admin APIs show it, for example {@code /127.0.0.1}. */
    public String clientHost() {
        return remote.getAddress() == null
                ? remote.getHostString()
                : "/" + remote.getAddress().getHostAddress();
    }
}
