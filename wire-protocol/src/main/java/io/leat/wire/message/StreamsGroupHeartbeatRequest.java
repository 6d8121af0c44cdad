package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Unsigned;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of a streams group says that it is there, what it runs and what it owns (KIP-1071).
 *
 * @param memberEpoch 0 to join, -1 to leave, -2 to leave as a static member that will be back
 * @param endpointInformationEpoch the newest that it was told of, see the response
 * @param rebalanceTimeoutMs -1 where it is as it was
 * @param topology with a join alone
 * @param activeTasks what the member owns, null where it is as it was; so are the lists behind it
 * @param processId the instance that the member is a thread of, null where it is as it was
 * @param taskOffsets how far each task's state is, null where it is as it was
 * @param taskEndOffsets how far each task's state could be, null where it is as it was
 * @param shutdownApplication whether all members of the group are to stop
 */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record StreamsGroupHeartbeatRequest(
        String groupId,
        String memberId,
        int memberEpoch,
        int endpointInformationEpoch,
        @Nullable String instanceId,
        @Nullable String rackId,
        @Default("-1") int rebalanceTimeoutMs,
        @Nullable Topology topology,
        @Nullable List<TaskIds> activeTasks,
        @Nullable List<TaskIds> standbyTasks,
        @Nullable List<TaskIds> warmupTasks,
        @Nullable String processId,
        @Nullable Endpoint userEndpoint,
        @Nullable List<KeyValue> clientTags,
        @Nullable List<TaskOffset> taskOffsets,
        @Nullable List<TaskOffset> taskEndOffsets,
        boolean shutdownApplication)
        implements RequestMessage {

    /** What the application is made of. */
    public record Topology(int epoch, List<Subtopology> subtopologies) {}

    /** A part of a topology that reads its topics partition by partition. */
    public record Subtopology(
            String subtopologyId,
            List<String> sourceTopics,
            List<String> sourceTopicRegex,
            List<TopicInfo> stateChangelogTopics,
            List<String> repartitionSinkTopics,
            List<TopicInfo> repartitionSourceTopics,
            List<CopartitionGroup> copartitionGroups) {}

    /** Topics with the same number of partitions, as positions in the subtopology's lists. */
    public record CopartitionGroup(
            List<Short> sourceTopics,
            List<Short> sourceTopicRegex,
            List<Short> repartitionSourceTopics) {}

    /**
     * An internal topic.
     *
     * @param partitions 0 where the broker is to work it out
     * @param replicationFactor 0 for the broker's default
     */
    public record TopicInfo(
            String name, int partitions, short replicationFactor, List<KeyValue> topicConfigs) {}

    /** A name and a value. */
    public record KeyValue(String key, String value) {}

    /** Where a client answers interactive queries. */
    public record Endpoint(String host, @Unsigned int port) {}

    /** Tasks of a subtopology. */
    public record TaskIds(String subtopologyId, List<Integer> partitions) {}

    /** An offset of a task. */
    public record TaskOffset(String subtopologyId, int partition, long offset) {}
}
