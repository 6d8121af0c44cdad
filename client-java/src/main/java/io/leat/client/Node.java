package io.leat.client;

import java.util.Optional;

/**
 * A broker of the cluster.
 *
 * @param id its number, unique in the cluster
 * @param host where clients reach it
 * @param port the port there
 * @param rack where it stands, if it says so
 */
public record Node(int id, String host, int port, Optional<String> rack) {
    /** {@code host:port (id n)}. */
    @Override
    public String toString() {
        return host + ":" + port + " (id " + id + ")";
    }
}
