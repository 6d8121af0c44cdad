package io.leat.broker.api.fetch;

import io.leat.wire.message.FetchRequest.FetchPartition;
import io.leat.wire.message.FetchRequest.FetchTopic;
import java.util.UUID;

/**
 * A partition to read.
 *
 * @param key which one
 * @param offset from where
 * @param maxBytes how much at the most, unless the first batch is larger
 * @param leaderEpoch the leader's epoch as the client knows it, -1 when it does not say
 */
record FetchTarget(Key key, long offset, int maxBytes, int leaderEpoch) {
    /**
     * A partition as the client names it.
     *
     * @param topic the name; empty where the id is given
     * @param topicId the id; zero where the name is given
     */
    record Key(String topic, UUID topicId, int partition) {}

    static FetchTarget of(FetchTopic topic, FetchPartition partition) {
        return new FetchTarget(
                new Key(topic.topic(), topic.topicId(), partition.partition()),
                partition.fetchOffset(),
                Math.max(0, partition.partitionMaxBytes()),
                partition.currentLeaderEpoch());
    }
}
