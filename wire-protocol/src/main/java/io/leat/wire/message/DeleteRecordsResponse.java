package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Where the partitions of a {@link DeleteRecordsRequest} begin now. */
@Message(from = 0, to = 2, flexibleFrom = 2)
public record DeleteRecordsResponse(int throttleTimeMs, List<DeleteRecordsTopicResult> topics)
        implements ResponseMessage {

    /** One topic's outcomes. */
    public record DeleteRecordsTopicResult(
            String name, List<DeleteRecordsPartitionResult> partitions) {}

    /** One partition's first offset, or an error. */
    public record DeleteRecordsPartitionResult(
            int partitionIndex, long lowWatermark, short errorCode) {}
}
