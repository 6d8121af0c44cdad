package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Lets a share group that has no members deliver from other offsets on (KIP-932). */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record AlterShareGroupOffsetsRequest(
        String groupId, List<AlterShareGroupOffsetsRequestTopic> topics) implements RequestMessage {

    /** One topic's partitions. */
    public record AlterShareGroupOffsetsRequestTopic(
            String topicName, List<AlterShareGroupOffsetsRequestPartition> partitions) {}

    /** One partition and where its delivery begins. */
    public record AlterShareGroupOffsetsRequestPartition(int partitionIndex, long startOffset) {}
}
