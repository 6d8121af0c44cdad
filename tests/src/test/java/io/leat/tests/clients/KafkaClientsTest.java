package io.leat.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Flights;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.JavaCommand;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official Java client, the newest and an old one. */
class KafkaClientsTest {
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static Path directory;
    private static TestBroker broker;

    @BeforeAll
    static void start() {
        directory = Folders.createTemporary("kafka-clients-");
        broker = TestBrokers.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
        Folders.delete(directory);
    }

    @Test
    void newestClientReadsBackWhatItProducedWithEveryCodec() {
        everyCodec("4.4.0", JavaCommand.classPathOf(KafkaConsumer.class));
    }

    @Test
    void oldClientReadsBackWhatItProducedWithEveryCodec() {
        Path jar = Folders.target().resolve("old-kafka-clients/kafka-clients-old.jar");
        everyCodec("2.8.2", jar.toString());
    }

    @Test
    void newestClientHasItsTransactions() {
        transactions("4.4.0", JavaCommand.classPathOf(KafkaConsumer.class));
    }

    @Test
    void oldClientHasItsTransactions() {
        Path jar = Folders.target().resolve("old-kafka-clients/kafka-clients-old.jar");
        transactions("2.8.2", jar.toString());
    }

    private static void transactions(String version, String clientJar) {
        List<String> arguments = List.of(broker.bootstrap(), "transactions-" + version);
        try (var client =
                ChildProcess.start(
                        "kafka-clients-" + version,
                        directory,
                        JavaCommand.of(
                                classPath(clientJar), TransactionsProgram.class, arguments))) {
            client.awaitSuccess(LIMIT);
            assertEquals(
                    List.of("commit and abort", "offsets", "fencing", "timeout"),
                    client.lines().stream()
                            .filter(line -> line.endsWith(" as it should be"))
                            .map(line -> line.replace(" as it should be", ""))
                            .toList());
        }
    }

    private static String classPath(String clientJar) {
        return String.join(
                File.pathSeparator,
                clientJar,
                JavaCommand.classPathOf(
                        FlightsProgram.class,
                        org.slf4j.Logger.class,
                        net.jpountz.lz4.LZ4Factory.class,
                        com.github.luben.zstd.Zstd.class,
                        org.xerial.snappy.Snappy.class));
    }

    private static void everyCodec(String version, String clientJar) {
        List<String> arguments =
                List.of(
                        broker.bootstrap(),
                        Flights.writeTo(directory.resolve("flights")).toString(),
                        "flights-" + version,
                        String.join(",", CODECS));
        try (var client =
                ChildProcess.start(
                        "kafka-clients-" + version,
                        directory,
                        JavaCommand.of(classPath(clientJar), FlightsProgram.class, arguments))) {
            client.awaitSuccess(LIMIT);
            List<String> done =
                    CODECS.stream()
                            .map(codec -> "kafka-clients " + version + " " + codec + " equal")
                            .toList();
            assertEquals(done, client.lines().stream().filter(l -> l.endsWith(" equal")).toList());
        }
    }
}
