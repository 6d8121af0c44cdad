package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;

/** Whether the offsets of a {@link TxnOffsetCommitRequest} were stored. */
@Message(from = 0, to = 6, flexibleFrom = 3)
public record TxnOffsetCommitResponse(int throttleTimeMs, List<TxnOffsetCommitResponseTopic> topics)
        implements ResponseMessage {

    /** One topic's outcomes; named by name up to version 5, by id from 6. */
    public record TxnOffsetCommitResponseTopic(
            @Until(5) @Ignorable String name,
            @Since(6) @Ignorable UUID topicId,
            List<TxnOffsetCommitResponsePartition> partitions) {}

    /** One partition's outcome. */
    public record TxnOffsetCommitResponsePartition(int partitionIndex, short errorCode) {}
}
