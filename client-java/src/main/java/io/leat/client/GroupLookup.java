package io.leat.client;

import io.leat.client.network.Api;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ConsumerGroupDescribeRequest;
import io.leat.wire.message.ConsumerGroupDescribeResponse;
import io.leat.wire.message.DescribeGroupsRequest;
import io.leat.wire.message.DescribeGroupsResponse;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.message.ShareGroupDescribeRequest;
import io.leat.wire.message.ShareGroupDescribeResponse;
import io.leat.wire.message.StreamsGroupDescribeRequest;
import io.leat.wire.message.StreamsGroupDescribeResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Describes a group, whose type is not known: each type has an API of its own, which are asked in
 * turn until one knows the group. On the loop.
 */
final class GroupLookup {
    private static final String CONSUMER_PROTOCOL = "consumer";
    private static final String SHARE_PROTOCOL = "share";
    private static final String STREAMS_PROTOCOL = "streams";
    private static final String DEAD = "Dead";

    private final Cluster cluster;
    private final String groupId;
    private final String what;
    private final GroupCoordinator coordinator;

    GroupLookup(Cluster cluster, String groupId) {
        this.cluster = cluster;
        this.groupId = groupId;
        this.what = "describe " + Requests.groupSubject(groupId);
        this.coordinator = new GroupCoordinator(cluster, groupId);
    }

    /** The group; fails with GROUP_ID_NOT_FOUND where there is none of any type. */
    CompletableFuture<GroupDescription> describe(Deadline deadline) {
        return ask(
                        deadline,
                        Apis.DESCRIBE_GROUPS,
                        new DescribeGroupsRequest(List.of(groupId), false),
                        (answer, node) -> classic(answer.groups().get(0), node))
                .exceptionallyCompose(notFound ->
                        ask(
                                deadline,
                                Apis.CONSUMER_GROUP_DESCRIBE,
                                new ConsumerGroupDescribeRequest(List.of(groupId), false),
                                (answer, node) -> consumer(answer.groups().get(0), node),
                                notFound))
                .exceptionallyCompose(notFound ->
                        ask(
                                deadline,
                                Apis.SHARE_GROUP_DESCRIBE,
                                new ShareGroupDescribeRequest(List.of(groupId), false),
                                (answer, node) -> share(answer.groups().get(0), node),
                                notFound))
                .exceptionallyCompose(notFound ->
                        ask(
                                deadline,
                                Apis.STREAMS_GROUP_DESCRIBE,
                                new StreamsGroupDescribeRequest(List.of(groupId), false, false),
                                (answer, node) -> streams(answer.groups().get(0), node),
                                notFound));
    }

    /** Asks for the next type if there is no group of those before. */
    private <Q extends RequestMessage, R extends ResponseMessage>
            CompletableFuture<GroupDescription> ask(
                    Deadline deadline,
                    Api<Q, R> api,
                    Q request,
                    BiFunction<R, Node, GroupDescription> read,
                    Throwable failure) {
        if (!says(failure, ErrorCode.GROUP_ID_NOT_FOUND)) {
            return CompletableFuture.failedFuture(failure);
        }
        return ask(deadline, api, request, read)
                .exceptionallyCompose(
                        next -> CompletableFuture.failedFuture(isMissing(next) ? failure : next));
    }

    private <Q extends RequestMessage, R extends ResponseMessage>
            CompletableFuture<GroupDescription> ask(
                    Deadline deadline,
                    Api<Q, R> api,
                    Q request,
                    BiFunction<R, Node, GroupDescription> read) {
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        coordinator
                                .node()
                                .thenCompose(node ->
                                        coordinator
                                                .ask(Lane.CONTROL, api, request)
                                                .thenApply(answer -> read.apply(answer, node))));
    }

    /** A broker that does not know a type has no group of it. */
    private static boolean isMissing(Throwable failure) {
        return says(failure, ErrorCode.GROUP_ID_NOT_FOUND)
                || says(failure, ErrorCode.UNSUPPORTED_VERSION);
    }

    private static boolean says(Throwable failure, ErrorCode code) {
        return Failures.unwrap(failure) instanceof LeatClientException known
                && known.errorCode() == code;
    }

    private void require(short code, @Nullable String message) {
        ErrorCode error = ErrorCode.of(code);
        if (error != ErrorCode.NONE) {
            coordinator.noteError(error);
            throw BrokerException.of(error, what, message);
        }
    }

    private GroupDescription classic(DescribeGroupsResponse.DescribedGroup group, Node node) {
        require(group.errorCode(), group.errorMessage());
        if (group.groupState().equals(DEAD)) {
            throw BrokerException.fatal(ErrorCode.GROUP_ID_NOT_FOUND, what, null);
        }
        return new GroupDescription(
                groupId,
                GroupType.CLASSIC,
                group.groupState(),
                group.protocolType(),
                group.protocolData(),
                node,
                group.members().stream()
                        .map(member -> member(member, group.protocolType()))
                        .toList());
    }

    private static GroupDescription.Member member(
            DescribeGroupsResponse.DescribedGroupMember member, String protocolType) {
        boolean readable =
                protocolType.equals(CONSUMER_PROTOCOL) && member.memberAssignment().hasRemaining();
        Set<TopicPartition> partitions =
                readable
                        ? Set.copyOf(ConsumerProtocol.readAssignment(member.memberAssignment()))
                        : Set.of();
        return new GroupDescription.Member(
                member.memberId(),
                Optional.ofNullable(member.groupInstanceId()),
                member.clientId(),
                member.clientHost(),
                partitions);
    }

    private GroupDescription consumer(
            ConsumerGroupDescribeResponse.DescribedGroup group, Node node) {
        require(group.errorCode(), group.errorMessage());
        return new GroupDescription(
                groupId,
                GroupType.CONSUMER,
                group.groupState(),
                CONSUMER_PROTOCOL,
                group.assignorName(),
                node,
                group.members().stream().map(GroupLookup::member).toList());
    }

    private static GroupDescription.Member member(ConsumerGroupDescribeResponse.Member member) {
        Set<TopicPartition> partitions = new HashSet<>();
        member.assignment()
                .topicPartitions()
                .forEach(topic -> add(partitions, topic.topicName(), topic.partitions()));
        return new GroupDescription.Member(
                member.memberId(),
                Optional.ofNullable(member.instanceId()),
                member.clientId(),
                member.clientHost(),
                Set.copyOf(partitions));
    }

    private GroupDescription share(ShareGroupDescribeResponse.DescribedGroup group, Node node) {
        require(group.errorCode(), group.errorMessage());
        return new GroupDescription(
                groupId,
                GroupType.SHARE,
                group.groupState(),
                SHARE_PROTOCOL,
                group.assignorName(),
                node,
                group.members().stream().map(GroupLookup::member).toList());
    }

    private static GroupDescription.Member member(ShareGroupDescribeResponse.Member member) {
        Set<TopicPartition> partitions = new HashSet<>();
        member.assignment()
                .topicPartitions()
                .forEach(topic -> add(partitions, topic.topicName(), topic.partitions()));
        return new GroupDescription.Member(
                member.memberId(),
                Optional.empty(),
                member.clientId(),
                member.clientHost(),
                Set.copyOf(partitions));
    }

    private GroupDescription streams(StreamsGroupDescribeResponse.DescribedGroup group, Node node) {
        require(group.errorCode(), group.errorMessage());
        return new GroupDescription(
                groupId,
                GroupType.STREAMS,
                group.groupState(),
                STREAMS_PROTOCOL,
                Optional.ofNullable(group.assignorName()).orElse(""),
                node,
                group.members().stream().map(member -> member(member, group.topology())).toList());
    }

    /** A member that runs a task reads its partition of each topic of the subtopology. */
    private static GroupDescription.Member member(
            StreamsGroupDescribeResponse.Member member,
            StreamsGroupDescribeResponse.@Nullable Topology topology) {
        Set<TopicPartition> partitions = new HashSet<>();
        List<StreamsGroupDescribeResponse.Subtopology> parts =
                topology == null ? null : topology.subtopologies();
        for (StreamsGroupDescribeResponse.TaskIds tasks : member.assignment().activeTasks()) {
            for (StreamsGroupDescribeResponse.Subtopology part :
                    parts == null ? List.<StreamsGroupDescribeResponse.Subtopology>of() : parts) {
                if (part.subtopologyId().equals(tasks.subtopologyId())) {
                    part.sourceTopics()
                            .forEach(topic -> add(partitions, topic, tasks.partitions()));
                    part.repartitionSourceTopics()
                            .forEach(topic -> add(partitions, topic.name(), tasks.partitions()));
                }
            }
        }
        return new GroupDescription.Member(
                member.memberId(),
                Optional.ofNullable(member.instanceId()),
                member.clientId(),
                member.clientHost(),
                Set.copyOf(partitions));
    }

    private static void add(Set<TopicPartition> partitions, String topic, List<Integer> numbers) {
        numbers.forEach(number -> partitions.add(new TopicPartition(topic, number)));
    }
}
