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
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
 * cannot roll among it; nothing is lost, and all of it works again once files may be opened. Those
 * who only connect cannot bring it there.
 */
@NeedsProgram("prlimit")
class OpenFilesTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int PARTITIONS = 3;
    private static final int FILES = 1024;
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
                requireQuietWait(broker);
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

    /** Who connects meanwhile waits: the broker says so, and does nothing else. */
    private static void requireQuietWait(LeatBroker broker) throws IOException {
        int colon = broker.bootstrap().indexOf(':');
        int port = Integer.parseInt(broker.bootstrap().substring(colon + 1));
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            broker.process()
                    .awaitLine("word", LIMIT, line -> line.contains("Cannot accept connections"));
        }
        assertEquals(
                List.of(),
                broker.process().lines().stream().filter(l -> l.startsWith("\tat ")).toList());
    }

    @Test
    void connectionsDoNotTakeTheFilesOfLogs() throws Exception {
        List<String> fewFiles = List.of("prlimit", "--nofile=" + FILES + ":" + FILES);
        try (LeatBroker broker = new LeatBroker(SETTINGS).within(fewFiles)) {
            broker.start();
            Map<String, String> smallSegments = Map.of("segment.bytes", Integer.toString(1 << 20));
            try (Workload workload =
                            Workload.start(broker.bootstrap(), PARTITIONS, smallSegments, 1);
                    Health health = new Health(broker)) {
                workload.describing(() -> health.answer() + " " + broker.process().describe());
                workload.awaitCommits(4, LIMIT);
                try (var _ = new Crowd(broker.bootstrap(), FILES)) {
                    broker.process().awaitLine("word", LIMIT, line -> line.contains("(ulimit -n)"));
                    workload.awaitAcknowledged(5_000, LIMIT);
                    health.awaitReady(LIMIT);
                }
                Workload.createTopic(broker.bootstrap(), "afterwards", 1, Map.of());
                workload.finish(LIMIT);
                assertEquals(List.of(), workload.failures());
                workload.compareWith(broker.bootstrap(), LIMIT)
                        .requireFlawless(broker.process().describe());
            }
        }
    }

    /** Connections that say nothing. */
    private static final class Crowd implements AutoCloseable {
        private final List<Socket> sockets = new ArrayList<>();

        Crowd(String bootstrap, int count) throws IOException {
            int port = Integer.parseInt(bootstrap.substring(bootstrap.indexOf(':') + 1));
            for (int i = 0; i < count; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
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
