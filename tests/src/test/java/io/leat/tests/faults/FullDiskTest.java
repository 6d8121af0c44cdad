package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Drive;
import io.leat.tests.harness.Health;
import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.NeedsDrive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A small file system that somebody fills to the last byte at random moments under load, and then
 * frees: what was acknowledged stays, reads go on, the health page says why writes do not, and all
 * of it works again without a restart.
 */
@NeedsDrive
class FullDiskTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int DISK_MIB = 64;
    private static final int PARTITIONS = 3;
    private static final long LATER_NANOS_MAX = 50_000_000;
    private static final long SEED = Long.getLong("leat.tests.seed", System.nanoTime());
    private static final Map<String, String> SETTINGS =
            Map.of("group.initial.rebalance.delay.ms", "0");

    @ParameterizedTest
    @CsvSource({"MEMORY, 12", "LOOP, 8"})
    void healsWhenThereIsSpaceAgain(Drive.Kind kind, int times) throws Exception {
        Random random = new Random(SEED);
        try (Drive disk = Drive.create(kind, DISK_MIB);
                LeatBroker broker = new LeatBroker(disk.files().resolve("data"), SETTINGS)) {
            broker.start();
            Map<String, String> topic = Map.of("segment.bytes", Integer.toString(1 << 20));
            try (Workload workload = Workload.start(broker.bootstrap(), PARTITIONS, topic, SEED);
                    Health health = new Health(broker)) {
                workload.slowDown()
                        .describing(() -> health.answer() + " " + broker.process().describe());
                for (int i = 0; i < times; i++) {
                    workload.awaitAcknowledged(100 + random.nextInt(500), LIMIT);
                    LockSupport.parkNanos(random.nextLong(LATER_NANOS_MAX));
                    fillAndFree(disk, broker, workload, health, i);
                }
                workload.finish(LIMIT);
                assertEquals(List.of(), workload.failures());
                workload.compareWith(broker.bootstrap(), LIMIT).requireFlawless(say(broker));
                broker.kill();
                broker.start();
                workload.compareWith(broker.bootstrap(), LIMIT).requireFlawless(say(broker));
            }
        }
    }

    private static void fillAndFree(
            Drive disk, LeatBroker broker, Workload workload, Health health, int time)
            throws IOException {
        Path filler = disk.fill();
        String words = health.awaitNotReady(LIMIT);
        assertTrue(words.contains("partition numbers"), words);
        createTopic(broker, "when-full-" + time);
        workload.requireReads(broker.bootstrap(), LIMIT);
        Files.delete(filler);
        workload.awaitAcknowledged(200, LIMIT);
        workload.awaitCommits(4, LIMIT);
        health.awaitReady(LIMIT);
    }

    /** Room for it may be left; if there is none, the answer says so. */
    private static void createTopic(LeatBroker broker, String name) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(Set.of(new NewTopic(name, 1, (short) 1))).all().get();
        } catch (ExecutionException e) {
            assertInstanceOf(KafkaStorageException.class, e.getCause());
            assertTrue(e.getCause().getMessage().contains("space"), e.getCause()::getMessage);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String say(LeatBroker broker) {
        return "seed " + SEED + "\n  " + broker.process().describe();
    }
}
