package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Unsigned;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The groups that a {@link StreamsGroupDescribeRequest} asked for. */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record StreamsGroupDescribeResponse(int throttleTimeMs, List<DescribedGroup> groups)
        implements ResponseMessage {

    /**
     * A group with its topology and its members, or an error.
     *
     * @param topologyDescriptionStatus 0 not asked for, 1 not stored, 2 could not be had, 3 there
     */
    public record DescribedGroup(
            short errorCode,
            @Nullable String errorMessage,
            String groupId,
            String groupState,
            int groupEpoch,
            int assignmentEpoch,
            @Nullable Topology topology,
            List<Member> members,
            @Default("-2147483648") int authorizedOperations,
            @Since(1) @Nullable TopologyDescription topologyDescription,
            @Since(1) byte topologyDescriptionStatus,
            @Since(1) @Ignorable @Nullable String assignorName) {}

    /**
     * What the application is made of.
     *
     * @param subtopologies null where none is known
     */
    public record Topology(int epoch, @Nullable List<Subtopology> subtopologies) {}

    /** A part of a topology, with its topics as they were worked out. */
    public record Subtopology(
            String subtopologyId,
            List<String> sourceTopics,
            List<String> repartitionSinkTopics,
            List<TopicInfo> stateChangelogTopics,
            List<TopicInfo> repartitionSourceTopics) {}

    /** An internal topic. */
    public record TopicInfo(
            String name, int partitions, short replicationFactor, List<KeyValue> topicConfigs) {}

    /** A name and a value. */
    public record KeyValue(String key, String value) {}

    /** A member, what it owns and what it is to own. */
    public record Member(
            String memberId,
            int memberEpoch,
            @Nullable String instanceId,
            @Nullable String rackId,
            String clientId,
            String clientHost,
            int topologyEpoch,
            String processId,
            @Nullable Endpoint userEndpoint,
            List<KeyValue> clientTags,
            List<TaskOffset> taskOffsets,
            List<TaskOffset> taskEndOffsets,
            Assignment assignment,
            Assignment targetAssignment,
            boolean isClassic) {}

    /** Where a client answers interactive queries. */
    public record Endpoint(String host, @Unsigned int port) {}

    /** An offset of a task. */
    public record TaskOffset(String subtopologyId, int partition, long offset) {}

    /** Tasks by what the member does with them. */
    public record Assignment(
            List<TaskIds> activeTasks, List<TaskIds> standbyTasks, List<TaskIds> warmupTasks) {}

    /** Tasks of a subtopology. */
    public record TaskIds(String subtopologyId, List<Integer> partitions) {}

    /** The processing graph, as the application itself describes it. */
    public record TopologyDescription(
            List<TopologyDescriptionSubtopology> subtopologies,
            List<TopologyDescriptionGlobalStore> globalStores) {}

    /** The nodes of a subtopology. */
    public record TopologyDescriptionSubtopology(
            String subtopologyId, List<TopologyDescriptionNode> nodes) {}

    /**
     * A node.
     *
     * @param nodeType 1 source, 2 processor, 3 sink
     */
    public record TopologyDescriptionNode(
            String name,
            byte nodeType,
            List<String> sourceTopics,
            @Nullable String sinkTopic,
            List<String> stores,
            List<String> successors) {}

    /** A global state store. */
    public record TopologyDescriptionGlobalStore(
            TopologyDescriptionNode source, TopologyDescriptionNode processor) {}
}
