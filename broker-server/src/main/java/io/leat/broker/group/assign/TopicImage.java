package io.leat.broker.group.assign;

import io.leat.broker.group.assign.Topics.TopicInfo;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * All topics at one time, as groups see them. Immutable.
 *
 * <p>Two images of the same version of one broker's run tell the same topics; versions go up.
 */
public final class TopicImage {
    private final long version;
    private final SortedMap<String, TopicInfo> byName;
    private final Map<UUID, TopicInfo> byId;

    public TopicImage(long version, Collection<TopicInfo> topics) {
        this.version = version;
        byName = new TreeMap<>();
        byId = HashMap.newHashMap(topics.size());
        for (TopicInfo topic : topics) {
            byName.put(topic.name(), topic);
            byId.put(topic.id(), topic);
        }
    }

    public long version() {
        return version;
    }

    public Optional<TopicInfo> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Optional<TopicInfo> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** All topics by name, in order. */
    public SortedMap<String, TopicInfo> byName() {
        return Collections.unmodifiableSortedMap(byName);
    }
}
