package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks which partitions are moving. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record ListPartitionReassignmentsRequest(
        @Default("60000") int timeoutMs, @Nullable List<ListPartitionReassignmentsTopics> topics)
        implements RequestMessage {

    /** A topic's partitions. */
    public record ListPartitionReassignmentsTopics(String name, List<Integer> partitionIndexes) {}
}
