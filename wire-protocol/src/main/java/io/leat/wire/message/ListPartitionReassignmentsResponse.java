package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The partitions that are moving. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record ListPartitionReassignmentsResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        List<OngoingTopicReassignment> topics)
        implements ResponseMessage {

    /** A topic's moving partitions. */
    public record OngoingTopicReassignment(
            String name, List<OngoingPartitionReassignment> partitions) {}

    /** Where one partition is, and where it goes. */
    public record OngoingPartitionReassignment(
            int partitionIndex,
            List<Integer> replicas,
            List<Integer> addingReplicas,
            List<Integer> removingReplicas) {}
}
