package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** From where on share groups deliver, and how far they are behind. */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record DescribeShareGroupOffsetsResponse(
        int throttleTimeMs, List<DescribeShareGroupOffsetsResponseGroup> groups)
        implements ResponseMessage {

    /** One group, or an error. */
    public record DescribeShareGroupOffsetsResponseGroup(
            String groupId,
            List<DescribeShareGroupOffsetsResponseTopic> topics,
            short errorCode,
            @Nullable String errorMessage) {}

    /** One topic's partitions. */
    public record DescribeShareGroupOffsetsResponseTopic(
            String topicName,
            UUID topicId,
            List<DescribeShareGroupOffsetsResponsePartition> partitions) {}

    /** One partition; offset and lag are -1 where the group has not begun with it. */
    public record DescribeShareGroupOffsetsResponsePartition(
            int partitionIndex,
            long startOffset,
            int leaderEpoch,
            @Since(1) @Ignorable @Default("-1") long lag,
            short errorCode,
            @Nullable String errorMessage) {}
}
