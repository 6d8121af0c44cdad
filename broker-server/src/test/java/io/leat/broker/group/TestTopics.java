package io.leat.broker.group;

import io.leat.broker.group.assign.TopicImage;
import io.leat.broker.group.assign.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Topics that a test makes and removes. */
final class TestTopics implements Topics {
    private final Map<UUID, TopicInfo> byId = new HashMap<>();
    private final Map<UUID, Long> ends = new HashMap<>();
    private TopicImage image = new TopicImage(0, byId.values());

    /** Adds a topic, or changes how many partitions it has. */
    void add(UUID id, String name, int partitions, long end) {
        byId.put(id, new TopicInfo(id, name, partitions));
        ends.put(id, end);
        changed();
    }

    void remove(UUID id) {
        byId.remove(id);
        changed();
    }

    void clear() {
        byId.clear();
        changed();
    }

    void endAt(UUID id, long end) {
        ends.put(id, end);
    }

    private void changed() {
        image = new TopicImage(image.version() + 1, byId.values());
    }

    @Override
    public Optional<TopicInfo> find(String name) {
        return image.find(name);
    }

    @Override
    public Optional<TopicInfo> find(UUID id) {
        return image.find(id);
    }

    @Override
    public TopicImage image() {
        return image;
    }

    @Override
    public OptionalLong highWatermark(UUID topicId, int partition) {
        return byId.containsKey(topicId) && byId.get(topicId).has(partition)
                ? OptionalLong.of(ends.get(topicId))
                : OptionalLong.empty();
    }
}
