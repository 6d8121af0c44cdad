package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** Looks up offsets by timestamp; negative timestamps ask for the log's bounds. */
@Message(from = 1, to = 11, flexibleFrom = 6)
public record ListOffsetsRequest(
        int replicaId,
        @Since(2) byte isolationLevel,
        List<ListOffsetsTopic> topics,
        @Since(10) @Ignorable int timeoutMs)
        implements RequestMessage {

    /** One topic's partitions. */
    public record ListOffsetsTopic(String name, List<ListOffsetsPartition> partitions) {}

    /** A partition and the timestamp to look up. */
    public record ListOffsetsPartition(
            int partitionIndex,
            @Since(4) @Default("-1") @Ignorable int currentLeaderEpoch,
            long timestamp) {}
}
