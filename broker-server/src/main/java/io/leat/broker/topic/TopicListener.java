package io.leat.broker.topic;

import io.leat.broker.partition.Partition;
import java.util.List;

/**
 * Told of topics that come and go, by the thread that changes them and before the change is
 * answered: return soon, and do not call the catalog.
 */
public interface TopicListener {
    /** Partitions were opened or created, of a topic new or old. */
    default void partitionsAdded(Topic topic, List<Partition> added) {}

    /** A topic was deleted. */
    default void deleted(Topic topic) {}
}
