package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates topics. */
@Message(from = 2, to = 7, flexibleFrom = 5)
public record CreateTopicsRequest(List<CreatableTopic> topics, int timeoutMs, boolean validateOnly)
        implements RequestMessage {

    /** A topic to create; -1 partitions or replicas stand for the broker's default. */
    public record CreatableTopic(
            String name,
            int numPartitions,
            short replicationFactor,
            List<CreatableReplicaAssignment> assignments,
            List<CreatableTopicConfig> configs) {}

    /** The brokers that shall hold one partition. */
    public record CreatableReplicaAssignment(int partitionIndex, List<Integer> brokerIds) {}

    /** A setting of the new topic. */
    public record CreatableTopicConfig(String name, @Nullable String value) {}
}
