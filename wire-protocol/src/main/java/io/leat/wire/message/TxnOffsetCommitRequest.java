package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores offsets that count once the transaction is committed. */
@Message(from = 0, to = 6, flexibleFrom = 3)
public record TxnOffsetCommitRequest(
        String transactionalId,
        String groupId,
        long producerId,
        short producerEpoch,
        @Since(3) @Default("-1") int generationIdOrMemberEpoch,
        @Since(3) String memberId,
        @Since(3) @Nullable String groupInstanceId,
        List<TxnOffsetCommitRequestTopic> topics)
        implements RequestMessage {

    /** One topic's offsets; named by name up to version 5, by id from 6. */
    public record TxnOffsetCommitRequestTopic(
            @Until(5) @Ignorable String name,
            @Since(6) @Ignorable UUID topicId,
            List<TxnOffsetCommitRequestPartition> partitions) {}

    /** A partition and the next offset to read. */
    public record TxnOffsetCommitRequestPartition(
            int partitionIndex,
            long committedOffset,
            @Since(2) @Default("-1") @Ignorable int committedLeaderEpoch,
            @Nullable String committedMetadata) {}
}
