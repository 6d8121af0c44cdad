package io.leat.tests.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Flights;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.NeedsProgram;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kafkajs, a client written from the protocol's description alone. Node 18 or later. */
@NeedsProgram({"node", "npm"})
class KafkaJsTest {
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(2);
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static Path packages;
    private static Path flights;
    private static TestBroker broker;

    @BeforeAll
    static void start() throws IOException {
        packages = installPackages();
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

    /** Installs the locked packages under the build folder, unless the same are there already. */
    private static Path installPackages() throws IOException {
        Path source = Folders.repository().resolve("tests/src/test/node");
        Path target = Files.createDirectories(Folders.target().resolve("node"));
        Path lock = source.resolve("package-lock.json");
        Path installed = target.resolve("installed-lock.json");
        boolean same = Files.exists(installed) && Files.mismatch(lock, installed) == -1;
        for (String file : List.of("package.json", "package-lock.json", "flights.js")) {
            copy(source.resolve(file), target.resolve(file));
        }
        if (!same) {
            List<String> command =
                    List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            try (var npm = ChildProcess.start("npm", target, command)) {
                npm.awaitSuccess(INSTALL_LIMIT);
            }
            copy(lock, installed);
        }
        return target;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
}
