package io.leat.broker.metrics;

import io.leat.broker.api.TopicMeters;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts records by topic.
 *
 * <ul>
 *   <li>{@code leat.topic.bytes.in}, {@code leat.topic.records.in}: appended
 *   <li>{@code leat.topic.bytes.out}, {@code leat.topic.records.out}: sent to consumers
 * </ul>
 *
 * <p>At most {@value #TOPICS_MAX} topics have counters of their own; the others share those of the
 * topic {@value #OTHERS}. The counters of a deleted topic go with it.
 */
public final class TopicMetrics implements TopicMeters, TopicListener {
    static final int TOPICS_MAX = 2_000;
    static final String OTHERS = "(others)";

    private final MeterRegistry registry;
    private final Map<String, Traffic> traffic = new ConcurrentHashMap<>();

    private record Traffic(
            Counter bytesIn, Counter recordsIn, Counter bytesOut, Counter recordsOut) {
        List<Meter> meters() {
            return List.of(bytesIn, recordsIn, bytesOut, recordsOut);
        }
    }

    public TopicMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void produced(String topic, int bytes, int records) {
        Traffic of = traffic(topic);
        of.bytesIn().increment(bytes);
        of.recordsIn().increment(records);
    }

    @Override
    public void fetched(String topic, int bytes, int records) {
        Traffic of = traffic(topic);
        of.bytesOut().increment(bytes);
        of.recordsOut().increment(records);
    }

    @Override
    public void deleted(Topic topic) {
        Traffic counted = traffic.remove(topic.name());
        if (counted != null) {
            counted.meters().forEach(registry::remove);
        }
    }

    private Traffic traffic(String topic) {
        Traffic known = traffic.get(topic);
        if (known != null) {
            return known;
        }
        String name = traffic.size() < TOPICS_MAX ? topic : OTHERS;
        return traffic.computeIfAbsent(name, this::count);
    }

    private Traffic count(String topic) {
        return new Traffic(
                counter("leat.topic.bytes.in", "Bytes of records appended", topic),
                counter("leat.topic.records.in", "Records appended", topic),
                counter("leat.topic.bytes.out", "Bytes of records sent", topic),
                counter("leat.topic.records.out", "Records sent", topic));
    }

    private Counter counter(String name, String description, String topic) {
        return Counter.builder(name)
                .description(description)
                .tag("topic", topic)
                .register(registry);
    }
}
