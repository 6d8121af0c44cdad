package io.leat.tests.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.LeatBroker;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/**
 * Connections by the thousand that say nothing, say it byte by byte, never listen, or come and go:
 * clients that mean well go on working, those that are connected and those that come, and their
 * latency is printed, before, during and after. At length:
 *
 * <pre>
 * mvn verify -pl tests -am -Dtest=HostileConnectionsTest -Dleat.tests.hostile=5000 \
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class HostileConnectionsTest {
    private static final int SILENT = Integer.getInteger("leat.tests.hostile", 300);
    private static final int REQUESTS = SILENT > 1_000 ? 2_000 : 300;
    private static final int NEWCOMER_EVERY = 10;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final byte[] API_VERSIONS =
            HexFormat.of().parseHex("0000000c" + "00120000" + "00000007" + "0002" + "6f6b");

    @Test
    void properClientsGoOn() throws Exception {
        Map<String, String> settings =
                Map.of("leat.request.receive.max.ms", SILENT > 1_000 ? "10000" : "3000");
        try (LeatBroker broker = new LeatBroker(settings)) {
            broker.start();
            try (SteadyClient steady = new SteadyClient(broker.bootstrap())) {
                Phase.measure("warm-up", steady, broker);
                Phase before = Phase.measure("before", steady, broker);
                double connections = steady.connectionsMade();
                Phase during;
                long flood;
                try (Crowd crowd = new Crowd(broker.bootstrap(), SILENT)) {
                    during = Phase.measure("during", steady, broker);
                    Await.until(
                            () -> "slow requests are given up: " + crowd.slowOpen(),
                            LIMIT,
                            () -> crowd.slowOpen() == 0);
                    assertEquals(SILENT, crowd.silentOpen(), "silence is no offence");
                    flood = crowd.floodCount();
                }
                Phase after = Phase.measure("after", steady, broker);
                assertEquals(connections, steady.connectionsMade(), "cut off");
                System.out.printf(
                        "hostile: %,d silent, %,d dripping, %,d half open, %,d deaf, %,d that came"
                                + " and went%n%s%n%s%n%s%n",
                        SILENT, SILENT / 3, SILENT / 3, SILENT / 10, flood, before, during, after);
                assertEquals(
                        List.of(),
                        broker.process().lines().stream()
                                .filter(line -> line.contains("ERROR") || line.startsWith("\tat "))
                                .toList());
            }
        }
    }

    /** What proper clients saw in one part of the test. */
    private record Phase(String name, Histogram produce, Histogram connect) {
        static Phase measure(String name, SteadyClient steady, LeatBroker broker) {
            Phase phase = new Phase(name, new Histogram(3), new Histogram(3));
            for (int i = 0; i < REQUESTS; i++) {
                timed(phase.produce, steady::work);
                if (i % NEWCOMER_EVERY == 0) {
                    timed(phase.connect, () -> connect(broker));
                }
            }
            return phase;
        }

        private static void timed(Histogram micros, Runnable deed) {
            long began = System.nanoTime();
            deed.run();
            micros.recordValue((System.nanoTime() - began) / 1_000);
        }

        /** Somebody new connects, asks, and is answered. */
        private static void connect(LeatBroker broker) {
            try (RawConnection connection = new RawConnection(broker.bootstrap())) {
                connection.send(API_VERSIONS);
                assertEquals(7, connection.readAnswer(LIMIT).getInt(), "correlation id");
            }
        }

        @Override
        public String toString() {
            return "hostile: %-7s produce %s; connect and ask %s"
                    .formatted(name, text(produce), text(connect));
        }

        private static String text(Histogram micros) {
            return "p50 %,d us, p99 %,d us, max %,d us"
                    .formatted(
                            micros.getValueAtPercentile(50),
                            micros.getValueAtPercentile(99),
                            micros.getMaxValue());
        }
    }
}
