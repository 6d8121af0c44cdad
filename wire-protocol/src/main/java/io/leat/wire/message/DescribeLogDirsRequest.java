package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks how much room partitions take in the log directories. */
@Message(from = 1, to = 5, flexibleFrom = 2)
public record DescribeLogDirsRequest(@Nullable List<DescribableLogDirTopic> topics)
        implements RequestMessage {

    /** A topic and the partitions to describe. */
    public record DescribableLogDirTopic(String topic, List<Integer> partitions) {}
}
