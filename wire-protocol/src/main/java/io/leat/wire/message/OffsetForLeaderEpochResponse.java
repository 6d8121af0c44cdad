package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Where the epochs of an {@link OffsetForLeaderEpochRequest} ended. */
@Message(from = 2, to = 4, flexibleFrom = 4)
public record OffsetForLeaderEpochResponse(
        int throttleTimeMs, List<OffsetForLeaderTopicResult> topics) implements ResponseMessage {

    /** One topic's outcomes. */
    public record OffsetForLeaderTopicResult(String topic, List<EpochEndOffset> partitions) {}

    /** The epoch's end offset, or an error. */
    public record EpochEndOffset(short errorCode, int partition, int leaderEpoch, long endOffset) {}
}
