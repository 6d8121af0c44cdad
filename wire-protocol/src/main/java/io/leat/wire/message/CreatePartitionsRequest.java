package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds partitions to topics. */
@Message(from = 0, to = 3, flexibleFrom = 2)
public record CreatePartitionsRequest(
        List<CreatePartitionsTopic> topics, int timeoutMs, boolean validateOnly)
        implements RequestMessage {

    /** A topic and how many partitions it shall have in all. */
    public record CreatePartitionsTopic(
            String name, int count, @Nullable List<CreatePartitionsAssignment> assignments) {}

    /** The brokers that shall hold one new partition. */
    public record CreatePartitionsAssignment(List<Integer> brokerIds) {}
}
