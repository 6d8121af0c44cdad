package io.leat.tests.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes over a connection, only that connection ends: one line in the log, no stack trace,
 * bounded memory, and other clients notice nothing.
 */
class MalformedFramesTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final short API_VERSIONS = 18;
    private static final short UNSUPPORTED_VERSION = 35;
    private static final long MIB = 1024 * 1024;
    private static final long GROWTH_BYTES_MAX = 150 * MIB;

    private static TestBroker broker;
    private static SteadyClient steady;

    @BeforeAll
    static void start() {
        broker = TestBrokers.start();
        steady = new SteadyClient(broker.bootstrap());
        steady.work();
    }

    @AfterAll
    static void stop() {
        steady.close();
        broker.close();
    }

    @AfterEach
    void otherClientsNoticedNothing() {
        double connections = steady.connectionsMade();
        steady.work();
        assertEquals(connections, steady.connectionsMade());
    }

    @Test
    void badFramesCloseTheirConnectionWithOneLogLine() {
        for (Map.Entry<String, byte[]> bad : BadFrames.all().entrySet()) {
            try (var connection = new RawConnection(broker.bootstrap())) {
                int logged = logLines().size();
                connection.send(bad.getValue());
                assertTrue(connection.awaitClosed(LIMIT), () -> "still open: " + bad.getKey());
                awaitOneLine(bad.getKey(), logged, connection.localPort());
            }
        }
    }

    @Test
    void halfAFrameAndTheEndClosesTheConnection() {
        byte[] whole = BadFrames.request(API_VERSIONS, 0, new byte[0]);
        for (int sent = 1; sent < whole.length; sent++) {
            try (var connection = new RawConnection(broker.bootstrap())) {
                int logged = logLines().size();
                byte[] half = java.util.Arrays.copyOf(whole, sent);
                connection.send(half);
                connection.endOutput();
                assertTrue(connection.awaitClosed(LIMIT), "open after " + sent + " bytes");
                awaitOneLine("half a frame", logged, connection.localPort());
            }
        }
    }

    @Test
    void frameThatComesByteByByteIsAnsweredOnceItIsWhole() {
        try (var connection = new RawConnection(broker.bootstrap())) {
            for (byte b : BadFrames.request(API_VERSIONS, 0, new byte[0])) {
                connection.send(new byte[] {b});
                steady.work();
            }
            ByteBuffer answer = connection.readAnswer(LIMIT);
            assertEquals(7, answer.getInt());
            assertEquals(0, answer.getShort());
        }
    }

    @Test
    void unknownVersionOfApiVersionsIsAnsweredSoThatTheClientCanTryAgain() {
        try (var connection = new RawConnection(broker.bootstrap())) {
            connection.send(BadFrames.request(API_VERSIONS, 99, new byte[] {0, 1, 1, 0}));
            ByteBuffer answer = connection.readAnswer(LIMIT);
            assertEquals(7, answer.getInt());
            assertEquals(UNSUPPORTED_VERSION, answer.getShort());
            connection.send(BadFrames.request(API_VERSIONS, 0, new byte[0]));
            assertEquals(7, connection.readAnswer(LIMIT).getInt());
        }
    }

    @Test
    void announcedButUnsentBytesTakeNoMemory() {
        assumeTrue(broker instanceof LeatBroker, "Apache Kafka allocates what is announced");
        long before = residentBytes();
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                var connection = new RawConnection(broker.bootstrap());
                open.add(connection);
                connection.send(BadFrames.length(100 * (int) MIB));
                connection.send(new byte[100]);
            }
            steady.work();
            assertGrewLittle(before);
        } finally {
            open.forEach(RawConnection::close);
        }
        steady.work();
    }

    @Test
    void thousandsOfConnectionsComeAndGo() {
        long before = residentBytes();
        for (int i = 0; i < 3_000; i++) {
            try (var connection = new RawConnection(broker.bootstrap())) {
                connection.send(new byte[i % 4]);
            }
            if (i % 500 == 0) {
                steady.work();
            }
        }
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                open.add(new RawConnection(broker.bootstrap()));
            }
            RawConnection last = open.getLast();
            last.send(BadFrames.request(API_VERSIONS, 0, new byte[0]));
            assertEquals(7, last.readAnswer(LIMIT).getInt());
            steady.work();
        } finally {
            open.forEach(RawConnection::close);
        }
        assertGrewLittle(before);
    }

    private static void assertGrewLittle(long before) {
        long grown = residentBytes() - before;
        assertTrue(grown < GROWTH_BYTES_MAX, () -> "memory grew by " + grown / MIB + " MiB");
    }

    /** One line that names the connection, and nothing else. */
    private static void awaitOneLine(String what, int from, int port) {
        if (!(broker instanceof LeatBroker)) {
            return; // how Apache Kafka logs is its own affair
        }
        Await.until(() -> "log line for " + what, LIMIT, () -> logLines().size() > from);
        List<String> lines = logLines().subList(from, logLines().size());
        assertEquals(1, lines.size(), () -> what + ": " + lines);
        assertTrue(lines.getFirst().contains(":" + port), () -> what + ": " + lines);
        assertFalse(lines.getFirst().contains("Exception"), () -> what + ": " + lines);
    }

    private static List<String> logLines() {
        return broker instanceof LeatBroker leat ? leat.process().lines() : List.of();
    }

    private static long residentBytes() {
        return broker instanceof LeatBroker leat ? leat.process().residentBytes().orElse(0L) : 0;
    }
}
