package io.leat.client.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Looks up the IP addresses of a host, away from the loop: a slow name server must not hold up
 * heartbeats.
 */
final class Resolution {
    private Resolution() {}

    /** One of the host's addresses: each attempt takes the next. */
    static CompletableFuture<InetSocketAddress> resolve(HostPort address, int attempt) {
        return isLiteral(address.host())
                ? CompletableFuture.completedFuture(
                        new InetSocketAddress(address.host(), address.port()))
                : CompletableFuture.supplyAsync(() -> lookUp(address, attempt));
    }

    private static InetSocketAddress lookUp(HostPort address, int attempt) {
        try {
            InetAddress[] all = InetAddress.getAllByName(address.host());
            return new InetSocketAddress(all[attempt % all.length], address.port());
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0
                || host.chars().allMatch(c -> c == '.' || Character.isDigit(c));
    }
}
