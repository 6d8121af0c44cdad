package io.leat.broker.group;

import io.leat.broker.coordinator.StateListener;
import io.leat.broker.group.assign.Topics;
import io.leat.broker.group.offset.CommittedOffset;
import io.leat.broker.group.offset.Offsets;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Shows how far groups are behind: {@code leat.consumer.lag} by group, topic and partition, one for
 * each committed offset up to {@value #PARTITIONS_MAX}, and {@code leat.consumer.lag.hidden}, how
 * many there are beyond that. The values are computed when they are read.
 *
 * <p>Owned by the coordinator's thread, but for the reading.
 */
final class LagMeters implements StateListener<String, Group> {
    static final int PARTITIONS_MAX = 10_000;

    private final MeterRegistry registry;
    private final Function<String, Optional<Group>> groups;
    private final Topics topics;
    private final Map<Key, Meter> shown = new HashMap<>();
    private final AtomicInteger hidden = new AtomicInteger();

    private record Key(String groupId, UUID topicId, int partition) {}

    LagMeters(MeterRegistry registry, Function<String, Optional<Group>> groups, Topics topics) {
        this.registry = registry;
        this.groups = groups;
        this.topics = topics;
        Gauge.builder("leat.consumer.lag.hidden", hidden, AtomicInteger::get)
                .description("Committed offsets whose lag is not shown, there being too many")
                .register(registry);
    }

    @Override
    public void published(String groupId, Optional<Group> before, Optional<Group> after) {
        Offsets old = before.map(Group::offsets).orElse(Offsets.NONE);
        Offsets current = after.map(Group::offsets).orElse(Offsets.NONE);
        old.forEachMissingIn(
                current,
                (topicId, topic, partition, offset) -> hide(new Key(groupId, topicId, partition)));
        current.forEachMissingIn(
                old,
                (topicId, topic, partition, offset) ->
                        show(new Key(groupId, topicId, partition), topic));
    }

    private void show(Key key, String topic) {
        if (shown.size() >= PARTITIONS_MAX) {
            hidden.incrementAndGet();
            return;
        }
        shown.put(
                key,
                Gauge.builder("leat.consumer.lag", key, this::lag)
                        .description("Records between a group's committed offset and the end")
                        .tag("group", key.groupId())
                        .tag("topic", topic)
                        .tag("partition", Integer.toString(key.partition()))
                        // The registry alone would let go of the key, and with it of the value.
                        .strongReference(true)
                        .register(registry));
    }

    private void hide(Key key) {
        Meter meter = shown.remove(key);
        if (meter == null) {
            hidden.decrementAndGet();
        } else {
            registry.remove(meter);
        }
    }

    private double lag(Key key) {
        Optional<CommittedOffset> committed =
                groups.apply(key.groupId())
                        .flatMap(group -> group.offsets().get(key.topicId(), key.partition()));
        OptionalLong end = topics.highWatermark(key.topicId(), key.partition());
        if (committed.isEmpty() || end.isEmpty()) {
            return Double.NaN;
        }
        return PartitionLag.between("", key.partition(), committed.get().offset(), end.getAsLong())
                .lag();
    }
}
