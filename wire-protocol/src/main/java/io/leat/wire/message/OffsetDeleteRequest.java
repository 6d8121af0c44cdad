package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Deletes stored offsets of a group (KIP-496). */
@Message(from = 0, to = 0)
public record OffsetDeleteRequest(String groupId, List<OffsetDeleteRequestTopic> topics)
        implements RequestMessage {

    /** One topic's partitions. */
    public record OffsetDeleteRequestTopic(
            String name, List<OffsetDeleteRequestPartition> partitions) {}

    /** A partition whose offset is to go. */
    public record OffsetDeleteRequestPartition(int partitionIndex) {}
}
