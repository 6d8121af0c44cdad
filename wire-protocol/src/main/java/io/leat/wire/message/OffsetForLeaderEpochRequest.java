package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** Asks where leader epochs ended, to find where logs part (KIP-101). */
@Message(from = 2, to = 4, flexibleFrom = 4)
public record OffsetForLeaderEpochRequest(
        @Since(3) @Default("-2") @Ignorable int replicaId, List<OffsetForLeaderTopic> topics)
        implements RequestMessage {

    /** One topic's partitions. */
    public record OffsetForLeaderTopic(String topic, List<OffsetForLeaderPartition> partitions) {}

    /** A partition and the epoch in question. */
    public record OffsetForLeaderPartition(
            int partition, int currentLeaderEpoch, int leaderEpoch) {}
}
