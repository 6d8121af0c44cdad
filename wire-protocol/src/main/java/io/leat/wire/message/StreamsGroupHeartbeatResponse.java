package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Unsigned;
import io.leat.wire.schema.Until;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link StreamsGroupHeartbeatRequest}.
 *
 * @param heartbeatIntervalMs when to be heard of again
 * @param acceptableRecoveryLagLegacy how far behind a task's state may be to be run, in records
 * @param taskOffsetIntervalMs how often to tell how far the tasks' states are
 * @param acceptableRecoveryLag as the legacy one
 * @param status what keeps the group from its work
 * @param activeTasks what the member is to own, null where it is as it was; so are the lists behind
 *     it
 * @param topologyDescriptionRequired whether to send a description of the topology
 * @param endpointInformationEpoch of what {@code partitionsByUserEndpoint} tells
 * @param partitionsByUserEndpoint which member has which partitions, null where it is as it was
 */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record StreamsGroupHeartbeatResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        String memberId,
        int memberEpoch,
        int heartbeatIntervalMs,
        @Until(0) int acceptableRecoveryLagLegacy,
        int taskOffsetIntervalMs,
        @Since(1) @Default("-1") @Ignorable long acceptableRecoveryLag,
        @Default("") @Nullable List<Status> status,
        @Nullable List<TaskIds> activeTasks,
        @Nullable List<TaskIds> standbyTasks,
        @Nullable List<TaskIds> warmupTasks,
        @Since(1) boolean topologyDescriptionRequired,
        int endpointInformationEpoch,
        @Nullable List<EndpointToPartitions> partitionsByUserEndpoint)
        implements ResponseMessage {

    /** What keeps the group from its work, as a code and in words. */
    public record Status(byte statusCode, String statusDetail) {}

    /** Tasks of a subtopology. */
    public record TaskIds(String subtopologyId, List<Integer> partitions) {}

    /** The partitions of a member that answers interactive queries. */
    public record EndpointToPartitions(
            Endpoint userEndpoint,
            List<TopicPartition> activePartitions,
            List<TopicPartition> standbyPartitions) {}

    /** Where a client answers interactive queries. */
    public record Endpoint(String host, @Unsigned int port) {}

    /** Partitions of a topic. */
    public record TopicPartition(String topic, List<Integer> partitions) {}
}
