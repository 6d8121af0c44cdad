package io.leat.broker.transaction;

import java.util.UUID;

/**
 * A partition.
 *
 * @param topic the topic's name, for people and messages; not part of the identity
 */
record Place(UUID topicId, String topic, int partition) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Place place
                && partition == place.partition
                && topicId.equals(place.topicId);
    }

    @Override
    public int hashCode() {
        return 31 * topicId.hashCode() + partition;
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
