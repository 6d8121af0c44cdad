package io.leat.broker.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PushedMetricsTest {
    private static final int INTERVAL_MILLIS = 1_000;
    private static final Telemetry.Wanted ALL =
            new Telemetry.Wanted(1, List.of("*"), INTERVAL_MILLIS);

    private long nowMillis = 1_000_000;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PushedMetrics pushed =
            new PushedMetrics(meters, () -> Instant.ofEpochMilli(nowMillis));

    private void push(Map<String, String> attributes, double value) {
        pushed.take(
                "app",
                ALL,
                List.of(
                        new OtlpMetrics.Point(
                                "org.apache.kafka.sent", new TreeMap<>(attributes), value, false)));
    }

    private double series() {
        return meters.get("leat.telemetry.series").gauge().value();
    }

    /** A scrape fails as a whole where a series has a label twice. */
    @Test
    void attributesThatAreOneLabelAreOneTag() {
        push(Map.of("a.b", "1", "a_b", "2", "client.id", "forged", "1st", "x"), 7);
        push(Map.of("a-b", "2", "m_1st", "x"), 8);
        assertEquals(1, series());
        var sent = meters.get("leat.client.sent").gauge();
        assertEquals(8, sent.value());
        assertEquals(
                Tags.of("a_b", "2", "client_id", "app", "m_1st", "x"),
                Tags.of(sent.getId().getTags()));
    }

    @Test
    void whatIsNotPushedAnyMoreGoesWithoutAnotherPush() {
        push(Map.of(), 7);
        nowMillis += 3 * INTERVAL_MILLIS;
        pushed.purge();
        assertEquals(1, series());
        nowMillis++;
        pushed.purge();
        assertEquals(0, series());
        assertEquals(List.of(), List.copyOf(meters.find("leat.client.sent").gauges()));
    }
}
