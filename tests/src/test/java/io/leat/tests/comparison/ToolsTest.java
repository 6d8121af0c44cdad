package io.leat.tests.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leat.tests.comparison.Tools.Produced;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Kafka's tools print is a result only where it is about all records. */
class ToolsTest {
    private static final List<String> PRODUCED =
            List.of(
                    "250000 records sent, 50000.0 records/sec (47.68 MB/sec), 90.1 ms avg latency,"
                            + " 200.0 ms max latency.",
                    "1000000 records sent, 286368.8 records/sec (273.10 MB/sec), 95.31 ms avg"
                        + " latency, 331.00 ms max latency, 91 ms 50th, 170 ms 95th, 256 ms 99th,"
                        + " 302 ms 99.9th.");
    private static final List<String> CONSUMED =
            List.of(
                    "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg,"
                            + " nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec,"
                            + " fetch.nMsg.sec",
                    "2026-01-01 10:00:00:000, 2026-01-01 10:00:03:000, 976.5625, 325.5208, 1000000,"
                            + " 333333.3333, 1000, 2000, 488.2812, 500000.0000");

    @Test
    void theLastLineOfTheProducerCounts() {
        assertEquals(
                new Produced(273.10 * 1.048576, 91, 256, 302), Tools.produced(PRODUCED, 1_000_000));
    }

    @Test
    void recordsThatFailedAreNoResult() {
        assertThrows(IllegalStateException.class, () -> Tools.produced(PRODUCED, 1_000_001));
        assertThrows(
                IllegalStateException.class, () -> Tools.produced(PRODUCED.subList(0, 1), 250_000));
    }

    @Test
    void whatTheConsumerHasReadWithoutTheJoinCounts() {
        assertEquals(488.2812 * 1.048576, Tools.consumed(CONSUMED, 1_000_000));
    }

    @Test
    void aConsumerThatGaveUpIsNoResult() {
        assertThrows(IllegalStateException.class, () -> Tools.consumed(CONSUMED, 1_000_001));
        assertThrows(
                IllegalStateException.class,
                () -> Tools.consumed(CONSUMED.subList(0, 1), 1_000_000));
    }
}
