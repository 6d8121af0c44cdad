package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.Health;
import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.NeedsProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

/**
 * A broker that may open no more files: what needs one fails with a clear answer, segments that
 * cannot roll among it; nothing is lost, and all of it works again once files may be opened.
 */
@NeedsProgram("prlimit")
class OpenFilesTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int PARTITIONS = 3;
    private static final Map<String, String> SETTINGS =
            Map.of("group.initial.rebalance.delay.ms", "0");

    @Test
    void healsWhenFilesMayBeOpenedAgain() throws Exception {
        try (LeatBroker broker = new LeatBroker(SETTINGS)) {
            broker.start();
            Map<String, String> smallSegments = Map.of("segment.bytes", Integer.toString(1 << 20));
            try (Workload workload =
                            Workload.start(broker.bootstrap(), PARTITIONS, smallSegments, 1);
                    Health health = new Health(broker);
                    Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                workload.describing(() -> health.answer() + " " + broker.process().describe());
                admin.listTopics().names().get();
                health.awaitReady(LIMIT);
                workload.awaitAcknowledged(500, LIMIT);
                limitOpenFiles(broker, openFiles(broker));
                String words = health.awaitNotReady(LIMIT);
                assertTrue(words.contains("partition numbers"), words);
                requireClearRefusal(admin);
                limitOpenFiles(broker, 10_000);
                workload.awaitAcknowledged(500, LIMIT);
                workload.awaitCommits(4, LIMIT);
                health.awaitReady(LIMIT);
                workload.finish(LIMIT);
                assertEquals(List.of(), workload.failures());
                workload.compareWith(broker.bootstrap(), LIMIT)
                        .requireFlawless(broker.process().describe());
            }
        }
    }

    private static void requireClearRefusal(Admin admin) throws InterruptedException {
        try {
            admin.createTopics(Set.of(new NewTopic("one-more", 1, (short) 1))).all().get();
        } catch (ExecutionException e) {
            assertInstanceOf(KafkaStorageException.class, e.getCause());
            assertTrue(
                    e.getCause().getMessage().contains("oo many open files"),
                    e.getCause()::getMessage);
        }
    }

    private static long openFiles(LeatBroker broker) throws IOException {
        Path open = Path.of("/proc", Long.toString(broker.process().pid()), "fd");
        try (Stream<Path> all = Files.list(open)) {
            return all.count();
        }
    }

    private static void limitOpenFiles(LeatBroker broker, long count) {
        List<String> command =
                List.of("prlimit", "--pid=" + broker.process().pid(), "--nofile=" + count + ":");
        try (var prlimit = ChildProcess.start("prlimit", Folders.target(), command)) {
            prlimit.awaitSuccess(LIMIT);
        }
    }
}
