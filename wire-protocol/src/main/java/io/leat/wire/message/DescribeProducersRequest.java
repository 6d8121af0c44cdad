package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Asks which producers are active on partitions (KIP-664). */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record DescribeProducersRequest(List<TopicRequest> topics) implements RequestMessage {

    /** One topic's partitions. */
    public record TopicRequest(String name, List<Integer> partitionIndexes) {}
}
