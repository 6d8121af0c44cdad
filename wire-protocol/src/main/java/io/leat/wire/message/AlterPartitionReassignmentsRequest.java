package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks that partitions move to other brokers (KIP-455). */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record AlterPartitionReassignmentsRequest(
        @Default("60000") int timeoutMs,
        @Since(1) @Default("true") boolean allowReplicationFactorChange,
        List<ReassignableTopic> topics)
        implements RequestMessage {

    /** A topic's partitions. */
    public record ReassignableTopic(String name, List<ReassignablePartition> partitions) {}

    /** A partition and its new replicas; null cancels what is under way. */
    public record ReassignablePartition(int partitionIndex, @Nullable List<Integer> replicas) {}
}
