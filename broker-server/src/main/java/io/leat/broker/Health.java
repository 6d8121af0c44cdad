package io.leat.broker;

import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.StateStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What keeps the broker from serving its clients, read from where it is known when somebody asks:
 * so it is over as soon as the cause is. Any thread.
 *
 * <ul>
 *   <li>{@code leat.partitions.failing}: partitions that take no records, or cannot be read
 *   <li>{@code leat.log.damages}: parts of logs that are damaged and cannot be read
 *   <li>{@code leat.state.failing}: 1 while topics, groups and offsets cannot be changed
 * </ul>
 */
final class Health {
    private static final int OBSTACLES_MAX = 10;

    private final TopicCatalog topics;
    private final StateStore state;

    Health(TopicCatalog topics, StateStore state) {
        this.topics = topics;
        this.state = state;
    }

    void measure(MeterRegistry meters) {
        Gauge.builder("leat.partitions.failing", this, Health::failingPartitions)
                .description("Partitions that take no records or cannot be read")
                .register(meters);
        Gauge.builder("leat.log.damages", this, health -> (double) health.damages().count())
                .description("Parts of logs that are damaged and cannot be read")
                .register(meters);
        Gauge.builder("leat.state.failing", this, health -> health.stateFails() ? 1 : 0)
                .description("1 while topics, groups and offsets cannot be changed")
                .register(meters);
    }

    /** One line each, the first few. */
    List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        state.failure().ifPresent(cause -> obstacles.add("coordinators: " + cause));
        for (Topic topic : topics.all()) {
            for (Partition partition : topic.partitions()) {
                if (obstacles.size() >= OBSTACLES_MAX) {
                    return obstacles;
                }
                partition
                        .failure()
                        .ifPresent(cause ->
                                obstacles.add("partition " + partition.id() + ": " + cause));
            }
        }
        return obstacles;
    }

    /** What is lost or spoilt while all else is served: one line each, the first few. */
    List<String> warnings() {
        return damages().limit(OBSTACLES_MAX).toList();
    }

    private Stream<String> damages() {
        return topics.all().stream()
                .flatMap(topic -> topic.partitions().stream())
                .flatMap(partition ->
                        partition.damages().stream()
                                .map(damage -> "partition " + partition.id() + ": " + damage));
    }

    private boolean stateFails() {
        return state.failure().isPresent();
    }

    private int failingPartitions() {
        int failing = 0;
        for (Topic topic : topics.all()) {
            for (Partition partition : topic.partitions()) {
                failing += partition.failure().isPresent() ? 1 : 0;
            }
        }
        return failing;
    }
}
