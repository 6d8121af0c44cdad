package io.leat.broker.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.broker.access.Access;
import io.leat.broker.config.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

class BrokerIdentityTest {
    private static final Map<String, Endpoint> OUTSIDE =
            Map.of("OUTSIDE", new Endpoint("OUTSIDE", "example.org", 19_092));

    @Test
    void aClientIsToldTheAddressByWhichItCame() throws UnknownHostException {
        assertEquals("10.1.2.3:9092", told(Map.of(), "PLAINTEXT", "10.1.2.3"));
        assertEquals("10.1.2.3:9092", told(OUTSIDE, "PLAINTEXT", "10.1.2.3"));
    }

    @Test
    void aConfiguredAddressWinsForItsListener() throws UnknownHostException {
        assertEquals("example.org:19092", told(OUTSIDE, "OUTSIDE", "10.1.2.3"));
    }

    @Test
    void anAddressOfVersion6GoesWithoutItsInterface() throws UnknownHostException {
        assertEquals("[fe80:0:0:0:0:0:0:1]:9092", told(Map.of(), "PLAINTEXT", "fe80::1%1"));
    }

    private static String told(Map<String, Endpoint> advertised, String listener, String local)
            throws UnknownHostException {
        try (ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor()) {
            ClientConnection connection =
                    new ClientConnection(
                            "test",
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                            new InetSocketAddress(InetAddress.getByName(local), 9092),
                            listener,
                            ClientConnection.ANONYMOUS,
                            Access.OPEN,
                            loop);
            return new BrokerIdentity("cluster", 0, advertised).endpointFor(connection).address();
        }
    }
}
