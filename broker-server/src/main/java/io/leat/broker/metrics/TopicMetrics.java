package io.leat.broker.metrics;

import io.leat.broker.api.TopicMeters;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts records by topic, and measures logs by partition.
 *
 * <ul>
 *   <li>{@code leat.topic.bytes.in}, {@code leat.topic.records.in}: appended
 *   <li>{@code leat.topic.bytes.out}, {@code leat.topic.records.out}: sent to consumers
 *   <li>{@code leat.log.size}, {@code leat.log.start.offset}, {@code leat.log.end.offset}, {@code
 *       leat.log.failing}, by topic and partition: read when somebody asks
 * </ul>
 *
 * <p>At most {@value #TOPICS_MAX} topics have counters of their own; the others share those of the
 * topic {@value #OTHERS}. At most {@value #PARTITIONS_MAX} partitions have gauges. The meters of a
 * deleted topic go with it.
 */
public final class TopicMetrics implements TopicMeters, TopicListener {
    static final int TOPICS_MAX = 2_000;
    static final int PARTITIONS_MAX = 10_000;
    private static final int GAUGES = 4;
    static final String OTHERS = "(others)";

    private final MeterRegistry registry;
    private final Map<String, Traffic> traffic = new ConcurrentHashMap<>();
    private final Map<UUID, List<Meter>> gauges = new ConcurrentHashMap<>();
    private final AtomicInteger gaugedPartitions = new AtomicInteger();

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
    public void partitionsAdded(Topic topic, List<Partition> added) {
        List<Meter> made = gauges.computeIfAbsent(topic.id(), id -> new ArrayList<>());
        for (Partition partition : added) {
            if (gaugedPartitions.incrementAndGet() > PARTITIONS_MAX) {
                gaugedPartitions.decrementAndGet();
                return;
            }
            synchronized (made) {
                gauge(topic, partition, made);
            }
        }
    }

    @Override
    public void deleted(Topic topic) {
        Traffic counted = traffic.remove(topic.name());
        if (counted != null) {
            counted.meters().forEach(registry::remove);
        }
        List<Meter> made = gauges.remove(topic.id());
        if (made != null) {
            synchronized (made) {
                made.forEach(registry::remove);
                gaugedPartitions.addAndGet(-made.size() / GAUGES);
            }
        }
    }

    private void gauge(Topic topic, Partition partition, List<Meter> made) {
        String number = Integer.toString(partition.number());
        made.add(
                Gauge.builder("leat.log.size", partition, p -> p.log().details().sizeBytes())
                        .description("Bytes of records on disk")
                        .baseUnit("bytes")
                        .tag("topic", topic.name())
                        .tag("partition", number)
                        .register(registry));
        made.add(
                Gauge.builder("leat.log.start.offset", partition, p -> p.log().bounds().logStart())
                        .description("First offset that may be read")
                        .tag("topic", topic.name())
                        .tag("partition", number)
                        .register(registry));
        made.add(
                Gauge.builder("leat.log.end.offset", partition, Partition::highWatermark)
                        .description("End of what consumers may read")
                        .tag("topic", topic.name())
                        .tag("partition", number)
                        .register(registry));
        made.add(
                Gauge.builder("leat.log.failing", partition, p -> p.failure().isPresent() ? 1 : 0)
                        .description("1 while it takes no records or cannot be read")
                        .tag("topic", topic.name())
                        .tag("partition", number)
                        .register(registry));
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
