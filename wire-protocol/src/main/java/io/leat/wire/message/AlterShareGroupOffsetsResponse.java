package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of an {@link AlterShareGroupOffsetsRequest}. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record AlterShareGroupOffsetsResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        List<AlterShareGroupOffsetsResponseTopic> responses)
        implements ResponseMessage {

    /** One topic's partitions. */
    public record AlterShareGroupOffsetsResponseTopic(
            String topicName,
            UUID topicId,
            List<AlterShareGroupOffsetsResponsePartition> partitions) {}

    /** One partition. */
    public record AlterShareGroupOffsetsResponsePartition(
            int partitionIndex, short errorCode, @Nullable String errorMessage) {}
}
