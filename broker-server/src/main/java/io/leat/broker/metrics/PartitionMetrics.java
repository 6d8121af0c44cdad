package io.leat.broker.metrics;

import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Measures logs by topic and partition: {@code leat.log.size}, {@code leat.log.start.offset},
 * {@code leat.log.end.offset}, {@code leat.log.failing}.
 *
 * <p>The gauges of new partitions are made when somebody is about to look and not when partitions
 * are: they would be a fifth of the work of creating a topic, and of no use to a broker that nobody
 * scrapes. At most {@value #PARTITIONS_MAX} partitions have some. Those of a deleted topic go with
 * it. Any thread.
 */
public final class PartitionMetrics implements TopicListener {
    static final int PARTITIONS_MAX = 10_000;

    private final MeterRegistry registry;
    private final TopicCatalog topics;
    private final int partitionsMax;
    // Both guarded by this.
    private final Map<UUID, Gauged> gauged = new HashMap<>();
    private int partitions;

    /** A topic's gauges so far. */
    private static final class Gauged {
        private final List<Meter> meters = new ArrayList<>();
        private int partitions;
    }

    public PartitionMetrics(MeterRegistry registry, TopicCatalog topics) {
        this(registry, topics, PARTITIONS_MAX);
    }

    PartitionMetrics(MeterRegistry registry, TopicCatalog topics, int partitionsMax) {
        this.registry = registry;
        this.topics = topics;
        this.partitionsMax = partitionsMax;
    }

    /** Makes the gauges of partitions that are new. */
    public synchronized void refresh() {
        for (Topic topic : topics.all()) {
            // One that is deleted meanwhile has left the catalog before this is told of it.
            if (topics.find(topic.id()).isPresent()) {
                gaugeNew(topic, gauged.computeIfAbsent(topic.id(), id -> new Gauged()));
            }
        }
    }

    private void gaugeNew(Topic topic, Gauged soFar) {
        List<Partition> all = topic.partitions();
        while (soFar.partitions < all.size() && partitions < partitionsMax) {
            gauge(topic, all.get(soFar.partitions), soFar.meters);
            soFar.partitions++;
            partitions++;
        }
    }

    @Override
    public synchronized void deleted(Topic topic) {
        Gauged gone = gauged.remove(topic.id());
        if (gone != null) {
            gone.meters.forEach(registry::remove);
            partitions -= gone.partitions;
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
}
