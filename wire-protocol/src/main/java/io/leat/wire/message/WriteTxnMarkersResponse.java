package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** What came of a {@link WriteTxnMarkersRequest}, partition by partition. */
@Message(from = 1, to = 2, flexibleFrom = 1)
public record WriteTxnMarkersResponse(List<WritableTxnMarkerResult> markers)
        implements ResponseMessage {

    /** One producer's outcomes. */
    public record WritableTxnMarkerResult(
            long producerId, List<WritableTxnMarkerTopicResult> topics) {}

    /** One topic's outcomes. */
    public record WritableTxnMarkerTopicResult(
            String name, List<WritableTxnMarkerPartitionResult> partitions) {}

    /** One partition's outcome. */
    public record WritableTxnMarkerPartitionResult(int partitionIndex, short errorCode) {}
}
