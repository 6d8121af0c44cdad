package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Acquires records for a member of a share group and brings acknowledgements of earlier ones
 * (KIP-932, KIP-1206, KIP-1222).
 *
 * @param shareSessionEpoch 0 opens a session, -1 ends it, otherwise one more than the last time
 */
@Message(from = 1, to = 2, flexibleFrom = 0)
public record ShareFetchRequest(
        @Nullable String groupId,
        @Nullable String memberId,
        int shareSessionEpoch,
        int maxWaitMs,
        int minBytes,
        @Default("2147483647") int maxBytes,
        int maxRecords,
        int batchSize,
        @Since(2) @Ignorable byte shareAcquireMode,
        @Since(2) boolean isRenewAck,
        List<FetchTopic> topics,
        List<ForgottenTopic> forgottenTopicsData)
        implements RequestMessage {

    /** One topic's partitions to add to the session, or to acknowledge records of. */
    public record FetchTopic(UUID topicId, List<FetchPartition> partitions) {}

    /** A partition, and what happened to records of it. */
    public record FetchPartition(
            int partitionIndex, List<AcknowledgementBatch> acknowledgementBatches) {}

    /** Offsets, both ends included, with one type for all or one for each. */
    public record AcknowledgementBatch(
            long firstOffset, long lastOffset, List<Byte> acknowledgeTypes) {}

    /** Partitions to take out of the session. */
    public record ForgottenTopic(UUID topicId, List<Integer> partitions) {}
}
