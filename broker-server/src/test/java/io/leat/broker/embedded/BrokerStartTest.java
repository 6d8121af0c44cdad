package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.Broker;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.ConfigException;
import io.leat.broker.network.RawClient;
import io.leat.wire.ApiKey;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataResponse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker starts, stops in time, and says in one line why it does not start. */
class BrokerStartTest {
    @TempDir Path folder;

    @Test
    void anAddressInUseIsToldAndNothingStaysOpen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();
            String message =
                    assertThrows(ConfigException.class, () -> start("127.0.0.1:" + port, folder))
                            .getMessage();
            assertTrue(message.startsWith("Cannot listen on 127.0.0.1:" + port), message);
        }
        try (Broker second = start("127.0.0.1:0", folder)) {
            assertTrue(second.ready());
        }
    }

    @Test
    void aDirectoryInUseIsTold() {
        try (Broker first = start("127.0.0.1:0", folder)) {
            String message =
                    assertThrows(ConfigException.class, () -> start("127.0.0.1:0", folder))
                            .getMessage();
            assertTrue(message.contains("is in use by process"), message);
            assertTrue(first.ready());
        }
    }

    @Test
    void aDirectoryThatIsAFileIsTold() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        String message =
                assertThrows(ConfigException.class, () -> start("127.0.0.1:0", file)).getMessage();
        assertTrue(message.contains(file.toString()), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void stoppingTakesLessThanTwoSecondsAndIsIdempotent() {
        Broker broker = start("127.0.0.1:0", folder);
        long begin = System.nanoTime();
        broker.close();
        broker.close();
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(2));
        assertFalse(broker.ready());
    }

    @Test
    void theConfiguredAddressIsAdvertised() throws Exception {
        try (EmbeddedBroker broker =
                        EmbeddedBroker.start(
                                Map.of("advertised.listeners", "PLAINTEXT://example.org:1"));
                RawClient client = new RawClient(broker.broker().address())) {
            MetadataResponse.MetadataResponseBroker told =
                    client.call(
                                    ApiKey.METADATA,
                                    12,
                                    MetadataRequest.class,
                                    MetadataResponse.class,
                                    new MetadataRequest(List.of(), false, false, false))
                            .brokers()
                            .getFirst();
            assertEquals("example.org", told.host());
            assertEquals(1, told.port());
        }
    }

    private static Broker start(String address, Path folder) {
        return Broker.start(
                BrokerConfig.of(
                        Map.of(
                                "listeners",
                                "PLAINTEXT://" + address,
                                "log.dir",
                                folder.toString())),
                new SimpleMeterRegistry());
    }
}
