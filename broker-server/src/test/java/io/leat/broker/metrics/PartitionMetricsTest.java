package io.leat.broker.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.topic.MemoryLogStore;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TopicCatalog topics =
            new TopicCatalog(BrokerConfig.defaults(), new MemoryStateStore(), new MemoryLogStore());
    private final PartitionMetrics metrics = new PartitionMetrics(registry, topics, 4);

    @BeforeEach
    void open() {
        topics.open();
        topics.listen(metrics);
    }

    /** The partitions that have gauges, of which each must have all four. */
    private List<String> gauged() {
        metrics.refresh();
        List<String> names =
                registry.getMeters().stream()
                        .map(Meter::getId)
                        .map(id -> id.getTag("topic") + "-" + id.getTag("partition"))
                        .sorted()
                        .toList();
        List<String> partitions = names.stream().distinct().toList();
        assertEquals(4 * partitions.size(), names.size(), names::toString);
        return partitions;
    }

    @Test
    void partitionsHaveGaugesOnceSomebodyLooksAndWhileTheyAreThere() {
        Topic a = topics.create("a", 1, Map.of());
        assertEquals(List.of(), registry.getMeters());
        assertEquals(List.of("a-0"), gauged());
        assertEquals(List.of("a-0"), gauged());
        topics.grow(a.id(), 2);
        Topic b = topics.create("b", 1, Map.of());
        assertEquals(List.of("a-0", "a-1", "b-0"), gauged());
        topics.delete(a.id());
        assertEquals(List.of("b-0"), gauged());
        topics.delete(b.id());
        assertEquals(List.of(), gauged());
    }

    @Test
    void noMoreThanSoManyHaveSome() {
        Topic many = topics.create("many", 9, Map.of());
        assertEquals(List.of("many-0", "many-1", "many-2", "many-3"), gauged());
        topics.create("more", 3, Map.of());
        assertEquals(4, gauged().size());
        topics.delete(many.id());
        assertEquals(List.of("more-0", "more-1", "more-2"), gauged());
    }
}
