package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** The offsets that a {@link ListOffsetsRequest} asked for. */
@Message(from = 1, to = 11, flexibleFrom = 6)
public record ListOffsetsResponse(
        @Since(2) @Ignorable int throttleTimeMs, List<ListOffsetsTopicResponse> topics)
        implements ResponseMessage {

    /** One topic's partitions. */
    public record ListOffsetsTopicResponse(
            String name, List<ListOffsetsPartitionResponse> partitions) {}

    /** The offset found, or -1, or an error. */
    public record ListOffsetsPartitionResponse(
            int partitionIndex,
            short errorCode,
            long timestamp,
            long offset,
            @Since(4) @Default("-1") int leaderEpoch) {}
}
