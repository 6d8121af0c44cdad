package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for the partitions of topics, page by page (KIP-966). */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record DescribeTopicPartitionsRequest(
        List<TopicRequest> topics, int responsePartitionLimit, @Nullable Cursor cursor)
        implements RequestMessage {

    /** A topic by name. */
    public record TopicRequest(String name) {}

    /** Where the page begins. */
    public record Cursor(String topicName, int partitionIndex) {}
}
