package io.leat.broker.share;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.group.share.ShareGroupMembers;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestTopic;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says from where on share groups deliver, and how many records they have before them. */
final class DescribeShareGroupOffsetsHandler
        implements ApiHandler<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse> {
    private static final long NONE = -1;

    private final ShareGroups groups;
    private final ShareGroupMembers members;

    DescribeShareGroupOffsetsHandler(ShareGroups groups, ShareGroupMembers members) {
        this.groups = groups;
        this.members = members;
    }

    @Override
    public CompletionStage<DescribeShareGroupOffsetsResponse> handle(
            RequestContext context, DescribeShareGroupOffsetsRequest request) {
        return CompletableFuture.completedFuture(
                new DescribeShareGroupOffsetsResponse(
                        0, request.groups().stream().map(this::describe).toList()));
    }

    private DescribeShareGroupOffsetsResponseGroup describe(
            DescribeShareGroupOffsetsRequestGroup asked) {
        String groupId = asked.groupId();
        List<SharePartitionId> known = groups.partitionsOf(groupId);
        if (known.isEmpty() && !members.find(groupId).isPresent()) {
            return new DescribeShareGroupOffsetsResponseGroup(
                    groupId,
                    List.of(),
                    ErrorCode.GROUP_ID_NOT_FOUND.code(),
                    "There is no share group '" + groupId + "'");
        }
        List<DescribeShareGroupOffsetsRequestTopic> topics = asked.topics();
        List<DescribeShareGroupOffsetsResponseTopic> described =
                topics == null
                        ? all(groupId, known)
                        : topics.stream()
                                .map(topic ->
                                        describe(groupId, topic.topicName(), topic.partitions()))
                                .toList();
        return new DescribeShareGroupOffsetsResponseGroup(
                groupId, described, ErrorCode.NONE.code(), null);
    }

    private List<DescribeShareGroupOffsetsResponseTopic> all(
            String groupId, List<SharePartitionId> known) {
        Map<String, TreeSet<Integer>> byTopic = new TreeMap<>();
        for (SharePartitionId id : known) {
            groups.topics()
                    .find(id.topicId())
                    .ifPresent(topic ->
                            byTopic.computeIfAbsent(topic.name(), name -> new TreeSet<>())
                                    .add(id.partition()));
        }
        List<DescribeShareGroupOffsetsResponseTopic> topics = new ArrayList<>();
        byTopic.forEach((topic, partitions) ->
                topics.add(describe(groupId, topic, List.copyOf(partitions))));
        return topics;
    }

    private DescribeShareGroupOffsetsResponseTopic describe(
            String groupId, String name, List<Integer> partitions) {
        Optional<Topic> topic = groups.topics().find(name);
        return new DescribeShareGroupOffsetsResponseTopic(
                name,
                topic.map(Topic::id).orElse(TopicIds.NONE),
                partitions.stream().map(number -> describe(groupId, topic, number)).toList());
    }

    private DescribeShareGroupOffsetsResponsePartition describe(
            String groupId, Optional<Topic> topic, int number) {
        Optional<Partition> partition = topic.flatMap(found -> found.partition(number));
        if (topic.isEmpty() || partition.isEmpty()) {
            ErrorCode error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            return new DescribeShareGroupOffsetsResponsePartition(
                    number, NONE, 0, NONE, error.code(), error.message());
        }
        Optional<SharePartition> state =
                groups.find(new SharePartitionId(groupId, topic.get().id(), number));
        return new DescribeShareGroupOffsetsResponsePartition(
                number,
                state.map(found -> found.window().start()).orElse(NONE),
                Partition.LEADER_EPOCH,
                state.map(found -> found.lag(partition.get().highWatermark())).orElse(NONE),
                ErrorCode.NONE.code(),
                null);
    }
}
