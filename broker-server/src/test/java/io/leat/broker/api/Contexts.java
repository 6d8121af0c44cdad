package io.leat.broker.api;

import io.leat.broker.access.Access;
import java.net.InetSocketAddress;

/** Contexts of requests that no network brought. */
public final class Contexts {
    private Contexts() {}

    /** Of a request in that version, by a client that may do all. */
    public static RequestContext of(int version) {
        InetSocketAddress address = InetSocketAddress.createUnresolved("here", 9092);
        return new RequestContext(
                (short) version,
                1,
                "client",
                new ClientConnection(
                        "1",
                        address,
                        address,
                        "PLAINTEXT",
                        ClientConnection.ANONYMOUS,
                        Access.OPEN,
                        null),
                new RequestScope());
    }
}
