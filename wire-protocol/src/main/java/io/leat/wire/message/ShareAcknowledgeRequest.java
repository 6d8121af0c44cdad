package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says what happened to records that a {@link ShareFetchRequest} acquired (KIP-932, KIP-1222).
 *
 * @param shareSessionEpoch -1 ends the session, otherwise one more than the last time
 */
@Message(from = 1, to = 2, flexibleFrom = 0)
public record ShareAcknowledgeRequest(
        @Nullable String groupId,
        @Nullable String memberId,
        int shareSessionEpoch,
        @Since(2) boolean isRenewAck,
        List<AcknowledgeTopic> topics)
        implements RequestMessage {

    /** One topic's partitions. */
    public record AcknowledgeTopic(UUID topicId, List<AcknowledgePartition> partitions) {}

    /** A partition, and what happened to records of it. */
    public record AcknowledgePartition(
            int partitionIndex, List<AcknowledgementBatch> acknowledgementBatches) {}

    /** Offsets, both ends included, with one type for all or one for each. */
    public record AcknowledgementBatch(
            long firstOffset, long lastOffset, List<Byte> acknowledgeTypes) {}
}
