package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a consumer is told by its group's leader: the partitions that are now its own. */
@Message(from = 0, to = 3)
public record ConsumerProtocolAssignment(
        List<TopicPartition> assignedPartitions, @Nullable ByteBuffer userData) {

    /** One topic's partitions. */
    public record TopicPartition(String topic, List<Integer> partitions) {}
}
