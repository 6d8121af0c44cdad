package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;

/** Whether the offsets of an {@link OffsetCommitRequest} were stored. */
@Message(from = 2, to = 10, flexibleFrom = 8)
public record OffsetCommitResponse(
        @Since(3) @Ignorable int throttleTimeMs, List<OffsetCommitResponseTopic> topics)
        implements ResponseMessage {

    /** One topic's outcomes; named by name up to version 9, by id from 10. */
    public record OffsetCommitResponseTopic(
            @Until(9) @Ignorable String name,
            @Since(10) @Ignorable UUID topicId,
            List<OffsetCommitResponsePartition> partitions) {}

    /** One partition's outcome. */
    public record OffsetCommitResponsePartition(int partitionIndex, short errorCode) {}
}
