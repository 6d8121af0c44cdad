package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores the offsets up to which a group has read. */
@Message(from = 2, to = 10, flexibleFrom = 8)
public record OffsetCommitRequest(
        String groupId,
        int generationIdOrMemberEpoch,
        String memberId,
        @Since(7) @Nullable String groupInstanceId,
        @Until(4) @Default("-1") @Ignorable long retentionTimeMs,
        List<OffsetCommitRequestTopic> topics)
        implements RequestMessage {

    /** One topic's offsets; named by name up to version 9, by id from 10. */
    public record OffsetCommitRequestTopic(
            @Until(9) @Ignorable String name,
            @Since(10) @Ignorable UUID topicId,
            List<OffsetCommitRequestPartition> partitions) {}

    /** A partition and the next offset to read. */
    public record OffsetCommitRequestPartition(
            int partitionIndex,
            long committedOffset,
            @Since(6) @Default("-1") @Ignorable int committedLeaderEpoch,
            @Nullable String committedMetadata) {}
}
