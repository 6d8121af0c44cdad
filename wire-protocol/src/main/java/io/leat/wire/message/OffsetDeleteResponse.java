package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Whether the offsets of an {@link OffsetDeleteRequest} are gone. */
@Message(from = 0, to = 0)
public record OffsetDeleteResponse(
        short errorCode, int throttleTimeMs, List<OffsetDeleteResponseTopic> topics)
        implements ResponseMessage {

    /** One topic's outcomes. */
    public record OffsetDeleteResponseTopic(
            String name, List<OffsetDeleteResponsePartition> partitions) {}

    /** One partition's outcome. */
    public record OffsetDeleteResponsePartition(int partitionIndex, short errorCode) {}
}
