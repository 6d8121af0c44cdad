package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Launcher;
import io.leat.tests.harness.LeatBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A broker that cannot load the native library of a codec, as where the folder for temporary files
 * is mounted {@code noexec}: who compresses with it is told, and nobody else notices.
 */
class UnloadableCodecTest {
    private static final String BYTES_MAX = "1000000";
    private static final int RECORDS = 40;
    private static final int RECORD_BYTES = 50_000;

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd"})
    void itsProducersAreToldAndCostNothing(String codec) throws Exception {
        try (LeatBroker broker =
                new LeatBroker(
                        Map.of("queued.max.request.bytes", BYTES_MAX),
                        Map.of("LEAT_JAVA_OPTS", "-Djava.io.tmpdir=/dev/null/nowhere"))) {
            broker.start();
            byte[] noise = new byte[RECORD_BYTES];
            new Random(1).nextBytes(noise);
            try (KafkaProducer<byte[], byte[]> producer = producer(broker, codec)) {
                for (int i = 0; i < RECORDS; i++) {
                    ExecutionException refused =
                            assertThrows(ExecutionException.class, () -> send(producer, noise));
                    assertInstanceOf(
                            UnsupportedCompressionTypeException.class,
                            refused.getCause(),
                            broker.process()::describe);
                }
            }
            try (KafkaProducer<byte[], byte[]> producer = producer(broker, "lz4")) {
                send(producer, noise);
            }
            assertEquals(
                    1,
                    broker.process().lines().stream()
                            .filter(line -> line.contains("for " + codec + " cannot be loaded"))
                            .peek(line -> assertTrue(line.contains("java.io.tmpdir"), line))
                            .count(),
                    broker.process()::describe);
        }
    }

    /** The same on the client's side: here as a user of the command meets it. */
    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd"})
    void aProducerOfOursSaysWhatIsWrong(String codec, @TempDir Path folder) throws Exception {
        Path records = Files.writeString(folder.resolve("records"), "some words\n".repeat(10_000));
        try (LeatBroker broker = new LeatBroker(Map.of())) {
            broker.start();
            List<String> produce =
                    List.of(
                            Launcher.path().toString(),
                            "produce",
                            "t",
                            "--bootstrap",
                            broker.bootstrap(),
                            "--compression",
                            codec,
                            "--file",
                            records.toString());
            try (ChildProcess command =
                    ChildProcess.start(
                            "produce",
                            folder,
                            produce,
                            Map.of("LEAT_JAVA_OPTS", "-Djava.io.tmpdir=/dev/null/nowhere"))) {
                assertEquals(1, command.awaitExit(Duration.ofSeconds(60)), command::describe);
                assertTrue(
                        command.lines().stream().anyMatch(line -> line.contains("java.io.tmpdir")),
                        command::describe);
            }
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, byte[] value)
            throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>("t", value)).get();
    }

    private static KafkaProducer<byte[], byte[]> producer(LeatBroker broker, String codec) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "compression.type",
                        codec,
                        "request.timeout.ms",
                        5_000,
                        "delivery.timeout.ms",
                        20_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
