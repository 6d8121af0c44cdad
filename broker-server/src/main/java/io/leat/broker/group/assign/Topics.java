package io.leat.broker.group.assign;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What groups need to know of the broker's topics. Any thread; never blocks. */
public interface Topics {
    Optional<TopicInfo> find(String name);

    Optional<TopicInfo> find(UUID id);

    /** All topics as they are now. Cheap while topics stay the same. */
    TopicImage image();

    /** The end of what consumers may read of a partition, empty where there is none. */
    OptionalLong highWatermark(UUID topicId, int partition);

    /**
     * A topic.
     *
     * @param partitions how many it has
     */
    record TopicInfo(UUID id, String name, int partitions) {
        /** Whether the partition is there. */
        public boolean has(int partition) {
            return partition >= 0 && partition < partitions;
        }
    }
}
