package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Asks for the state of the quorum that keeps the metadata (KIP-595). */
@Message(from = 0, to = 2, flexibleFrom = 0)
public record DescribeQuorumRequest(List<TopicData> topics) implements RequestMessage {

    /** A topic's partitions. */
    public record TopicData(String topicName, List<PartitionData> partitions) {}

    /** A partition. */
    public record PartitionData(int partitionIndex) {}
}
