package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The offsets that an {@link OffsetFetchRequest} asked for. */
@Message(from = 1, to = 10, flexibleFrom = 6)
public record OffsetFetchResponse(
        @Since(3) @Ignorable int throttleTimeMs,
        @Until(7) List<OffsetFetchResponseTopic> topics,
        @Since(2) @Until(7) @Ignorable short errorCode,
        @Since(8) List<OffsetFetchResponseGroup> groups)
        implements ResponseMessage {

    /** One topic's offsets. */
    public record OffsetFetchResponseTopic(
            String name, List<OffsetFetchResponsePartition> partitions) {}

    /** One partition's offset, -1 if none is stored. */
    public record OffsetFetchResponsePartition(
            int partitionIndex,
            long committedOffset,
            @Since(5) @Default("-1") @Ignorable int committedLeaderEpoch,
            @Nullable String metadata,
            short errorCode) {}

    /** One group's offsets, or an error. */
    public record OffsetFetchResponseGroup(
            String groupId, List<OffsetFetchResponseTopics> topics, short errorCode) {}

    /** One topic's offsets; named by name up to version 9, by id from 10. */
    public record OffsetFetchResponseTopics(
            @Until(9) @Ignorable String name,
            @Since(10) @Ignorable UUID topicId,
            List<OffsetFetchResponsePartitions> partitions) {}

    /** One partition's offset, -1 if none is stored. */
    public record OffsetFetchResponsePartitions(
            int partitionIndex,
            long committedOffset,
            int committedLeaderEpoch,
            @Nullable String metadata,
            short errorCode) {}
}
