package io.leat.tests.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Flights;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.NeedsProgram;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kafkajs, a client written from the protocol's description alone. Node 18 or later. */
@NeedsProgram({"node", "npm"})
class KafkaJsTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static Path packages;
    private static Path flights;
    private static TestBroker broker;

    @BeforeAll
    static void start() throws IOException {
        packages = NodePackages.install();
        flights = Flights.writeTo(Folders.createTemporary("kafkajs-").resolve("flights"));
        broker = TestBrokers.start();
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
            Folders.delete(flights.getParent());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void readsBackInAGroupWhatItProduced(String codec) {
        List<String> command =
                List.of(
                        "node",
                        "flights.js",
                        broker.bootstrap(),
                        flights.toString(),
                        "kafkajs-" + codec,
                        codec);
        try (var client = ChildProcess.start("kafkajs", packages, command)) {
            client.awaitSuccess(LIMIT);
            assertTrue(client.lines().contains("kafkajs " + codec + " equal"), client::describe);
        }
    }
}
