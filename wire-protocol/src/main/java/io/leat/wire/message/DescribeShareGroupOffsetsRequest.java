package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks from where on share groups deliver (KIP-932, KIP-1226). */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record DescribeShareGroupOffsetsRequest(List<DescribeShareGroupOffsetsRequestGroup> groups)
        implements RequestMessage {

    /** A group and the partitions wanted; null topics means all of them. */
    public record DescribeShareGroupOffsetsRequestGroup(
            String groupId, @Nullable List<DescribeShareGroupOffsetsRequestTopic> topics) {}

    /** One topic's partitions. */
    public record DescribeShareGroupOffsetsRequestTopic(
            String topicName, List<Integer> partitions) {}
}
