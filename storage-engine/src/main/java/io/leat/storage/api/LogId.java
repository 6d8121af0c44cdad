package io.leat.storage.api;

import java.util.UUID;

/**
 * Names one partition's log.
 *
 * @param topic the topic's name, for directories, messages and metrics; not part of the identity on
 *     disk
 * @param topicId the topic's id, which is never used again once the topic is deleted
 * @param partition the partition's number, from 0
 */
public record LogId(String topic, UUID topicId, int partition) {
    public LogId {
        if (partition < 0) {
            throw new IllegalArgumentException("partition must not be negative: " + partition);
        }
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
