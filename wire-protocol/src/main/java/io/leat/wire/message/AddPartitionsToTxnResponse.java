package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;

/** What came of an {@link AddPartitionsToTxnRequest}, partition by partition. */
@Message(from = 0, to = 5, flexibleFrom = 3)
public record AddPartitionsToTxnResponse(
        int throttleTimeMs,
        @Since(4) @Ignorable short errorCode,
        @Since(4) List<AddPartitionsToTxnResult> resultsByTransaction,
        @Until(3) List<AddPartitionsToTxnTopicResult> resultsByTopicV3AndBelow)
        implements ResponseMessage {

    /** One transaction's outcomes. */
    public record AddPartitionsToTxnResult(
            String transactionalId, List<AddPartitionsToTxnTopicResult> topicResults) {}

    /** One topic's outcomes. */
    public record AddPartitionsToTxnTopicResult(
            String name, List<AddPartitionsToTxnPartitionResult> resultsByPartition) {}

    /** One partition's outcome. */
    public record AddPartitionsToTxnPartitionResult(int partitionIndex, short partitionErrorCode) {}
}
