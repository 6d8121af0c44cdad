package io.leat.broker.group.streams;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.AuthorizedOperations;
import io.leat.broker.api.RequestContext;
import io.leat.broker.group.member.GroupsOf;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.StreamsGroupDescribeRequest;
import io.leat.wire.message.StreamsGroupDescribeResponse;
import io.leat.wire.message.StreamsGroupDescribeResponse.Assignment;
import io.leat.wire.message.StreamsGroupDescribeResponse.DescribedGroup;
import io.leat.wire.message.StreamsGroupDescribeResponse.Endpoint;
import io.leat.wire.message.StreamsGroupDescribeResponse.KeyValue;
import io.leat.wire.message.StreamsGroupDescribeResponse.Member;
import io.leat.wire.message.StreamsGroupDescribeResponse.TaskIds;
import io.leat.wire.message.StreamsGroupDescribeResponse.TaskOffset;
import io.leat.wire.message.StreamsGroupDescribeResponse.TopicInfo;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Describes streams groups with their topology, their members and the tasks of these. */
final class StreamsGroupDescribeHandler
        implements ApiHandler<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse> {
    /** Applications' own descriptions of themselves are not kept (KIP-1331 leaves that open). */
    private static final byte NOT_STORED = 1;

    private static final byte NOT_ASKED = 0;

    private final GroupsOf<StreamsMembership, StreamsCommand> groups;

    StreamsGroupDescribeHandler(GroupsOf<StreamsMembership, StreamsCommand> groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<StreamsGroupDescribeResponse> handle(
            RequestContext context, StreamsGroupDescribeRequest request) {
        byte described = request.includeTopologyDescription() ? NOT_STORED : NOT_ASKED;
        return CompletableFuture.completedFuture(
                new StreamsGroupDescribeResponse(
                        0,
                        request.groupIds().stream()
                                .map(id ->
                                        groups.find(id)
                                                .map(group ->
                                                        describe(
                                                                id,
                                                                group,
                                                                AuthorizedOperations.onGroup(
                                                                        context.access(),
                                                                        id,
                                                                        request
                                                                                .includeAuthorizedOperations()),
                                                                described))
                                                .orElseGet(() -> missing(id)))
                                .toList()));
    }

    private static DescribedGroup describe(
            String groupId, StreamsMembership group, int operations, byte described) {
        return new DescribedGroup(
                ErrorCode.NONE.code(),
                null,
                groupId,
                group.state(),
                group.epoch(),
                group.target().epoch(),
                topology(group),
                group.all().stream().map(member -> describe(group, member)).toList(),
                operations,
                null,
                described,
                TaskAssignor.NAME);
    }

    private static StreamsGroupDescribeResponse.@Nullable Topology topology(
            StreamsMembership group) {
        return group.topology()
                .map(topology ->
                        new StreamsGroupDescribeResponse.Topology(
                                topology.epoch(), parts(topology, group.resolved())))
                .orElse(null);
    }

    /** With what its topics came to, or as the application has it until they are all found. */
    private static List<StreamsGroupDescribeResponse.Subtopology> parts(
            Topology topology, ResolvedTopology resolved) {
        return resolved.parts().isEmpty()
                ? topology.subtopologies().values().stream()
                        .map(StreamsGroupDescribeHandler::part)
                        .toList()
                : resolved.parts().values().stream()
                        .map(StreamsGroupDescribeHandler::part)
                        .toList();
    }

    private static StreamsGroupDescribeResponse.Subtopology part(Subtopology part) {
        return new StreamsGroupDescribeResponse.Subtopology(
                part.id(),
                List.copyOf(part.sources()),
                List.copyOf(part.repartitionSinks()),
                topics(part.changelogs().values()),
                topics(part.repartitionSources().values()));
    }

    private static StreamsGroupDescribeResponse.Subtopology part(ResolvedTopology.Part part) {
        List<String> own = part.repartitionSources().stream().map(InternalTopic::name).toList();
        return new StreamsGroupDescribeResponse.Subtopology(
                part.id(),
                part.sources().keySet().stream().filter(name -> !own.contains(name)).toList(),
                List.copyOf(part.repartitionSinks()),
                topics(part.changelogs()),
                topics(part.repartitionSources()));
    }

    private static List<TopicInfo> topics(Collection<InternalTopic> topics) {
        return topics.stream().map(StreamsGroupDescribeHandler::topic).toList();
    }

    private static TopicInfo topic(InternalTopic topic) {
        return new TopicInfo(
                topic.name(),
                topic.partitions(),
                topic.replicationFactor(),
                pairs(topic.configs()));
    }

    private static List<KeyValue> pairs(SortedMap<String, String> all) {
        return all.entrySet().stream()
                .map(each -> new KeyValue(each.getKey(), each.getValue()))
                .toList();
    }

    private static Member describe(StreamsMembership group, StreamsMember member) {
        MemberProgress progress = group.passing().of(member.id());
        return new Member(
                member.id(),
                member.standing().epoch(),
                member.instanceId().orElse(null),
                member.rackId().orElse(null),
                member.client().id(),
                member.client().host(),
                member.topologyEpoch(),
                member.processId(),
                member.endpoint().map(each -> new Endpoint(each.host(), each.port())).orElse(null),
                pairs(member.tags()),
                offsets(progress.offsets()),
                offsets(progress.ends()),
                assignment(member.standing().assigned()),
                assignment(group.target().of(member.id())),
                false);
    }

    private static List<TaskOffset> offsets(SortedMap<Task, Long> all) {
        return all.entrySet().stream()
                .map(each ->
                        new TaskOffset(
                                each.getKey().subtopology(),
                                each.getKey().partition(),
                                each.getValue()))
                .toList();
    }

    private static Assignment assignment(Tasks tasks) {
        return new Assignment(tasks(tasks.active()), tasks(tasks.standby()), tasks(tasks.warmup()));
    }

    private static List<TaskIds> tasks(TaskSet tasks) {
        return tasks.bySubtopology().entrySet().stream()
                .map(each -> new TaskIds(each.getKey(), each.getValue()))
                .toList();
    }

    private static DescribedGroup missing(String groupId) {
        return new DescribedGroup(
                ErrorCode.GROUP_ID_NOT_FOUND.code(),
                "There is no streams group '" + groupId + "'",
                groupId,
                "",
                0,
                0,
                null,
                List.of(),
                AuthorizedOperations.NOT_ASKED,
                null,
                NOT_ASKED,
                null);
    }
}
