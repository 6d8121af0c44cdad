package io.leat.client;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.DeleteGroupsRequest;
import io.leat.wire.message.DescribeGroupsRequest;
import io.leat.wire.message.DescribeGroupsResponse;
import io.leat.wire.message.ListGroupsRequest;
import io.leat.wire.message.ListGroupsResponse;
import io.leat.wire.message.OffsetDeleteRequest;
import io.leat.wire.message.OffsetDeleteResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Groups and what they have committed. On the loop. */
final class GroupAdmin {
    private static final String CONSUMER_PROTOCOL = "consumer";
    private static final String DEAD = "Dead";

    private final Cluster cluster;

    GroupAdmin(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Every broker knows the groups that it coordinates. */
    CompletableFuture<List<GroupListing>> list(Deadline deadline) {
        return Retry.until(
                cluster,
                deadline,
                "list groups",
                () -> cluster.refresh().thenCompose(this::listAll));
    }

    private CompletableFuture<List<GroupListing>> listAll(ClusterView view) {
        List<GroupListing> found = new ArrayList<>();
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        ListGroupsRequest request = new ListGroupsRequest(List.of(), List.of());
        for (Node node : view.nodes().values()) {
            answers.add(
                    cluster.ask(node, Lane.CONTROL, Apis.LIST_GROUPS, request)
                            .thenAccept(answer -> {
                                require(answer.errorCode(), "list groups of broker " + node, null);
                                answer.groups().forEach(group -> found.add(listing(group)));
                            }));
        }
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> {
                    found.sort(Comparator.comparing(GroupListing::groupId));
                    return List.copyOf(found);
                });
    }

    private static GroupListing listing(ListGroupsResponse.ListedGroup group) {
        return new GroupListing(group.groupId(), group.protocolType(), group.groupState());
    }

    CompletableFuture<GroupDescription> describe(String groupId, Deadline deadline) {
        String what = "describe " + Requests.groupSubject(groupId);
        GroupCoordinator coordinator = new GroupCoordinator(cluster, groupId);
        DescribeGroupsRequest request = new DescribeGroupsRequest(List.of(groupId), false);
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        coordinator
                                .node()
                                .thenCompose(node ->
                                        coordinator
                                                .ask(Lane.CONTROL, Apis.DESCRIBE_GROUPS, request)
                                                .thenApply(answer -> {
                                                    coordinator.noteError(
                                                            ErrorCode.of(
                                                                    answer.groups()
                                                                            .get(0)
                                                                            .errorCode()));
                                                    return description(
                                                            answer.groups().get(0), node, what);
                                                })));
    }

    private static GroupDescription description(
            DescribeGroupsResponse.DescribedGroup group, Node coordinator, String what) {
        require(group.errorCode(), what, group.errorMessage());
        if (group.groupState().equals(DEAD)) {
            throw BrokerException.fatal(ErrorCode.GROUP_ID_NOT_FOUND, what, null);
        }
        List<GroupDescription.Member> members =
                group.members().stream()
                        .map(member -> member(member, group.protocolType()))
                        .toList();
        return new GroupDescription(
                group.groupId(),
                group.groupState(),
                group.protocolType(),
                group.protocolData(),
                coordinator,
                members);
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

    CompletableFuture<Void> delete(String groupId, Deadline deadline) {
        String what = "delete " + Requests.groupSubject(groupId);
        GroupCoordinator coordinator = new GroupCoordinator(cluster, groupId);
        DeleteGroupsRequest request = new DeleteGroupsRequest(List.of(groupId));
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        coordinator
                                .ask(Lane.CONTROL, Apis.DELETE_GROUPS, request)
                                .thenAccept(answer -> {
                                    coordinator.noteError(
                                            ErrorCode.of(answer.results().get(0).errorCode()));
                                    require(
                                            answer.results().get(0).errorCode(),
                                            what,
                                            answer.results().get(0).errorMessage());
                                }));
    }

    CompletableFuture<Void> deleteOffsets(
            String groupId, Set<TopicPartition> partitions, Deadline deadline) {
        String what = "delete offsets of " + Requests.groupSubject(groupId);
        GroupCoordinator coordinator = new GroupCoordinator(cluster, groupId);
        Batch<TopicPartition> batch = new Batch<>(partitions);
        return Retry.until(
                cluster,
                deadline,
                what,
                () -> {
                    List<OffsetDeleteRequest.OffsetDeleteRequestTopic> topics =
                            Requests.byTopic(
                                    batch.pending(),
                                    p ->
                                            new OffsetDeleteRequest.OffsetDeleteRequestPartition(
                                                    p.partition()),
                                    OffsetDeleteRequest.OffsetDeleteRequestTopic::new);
                    return coordinator
                            .ask(
                                    Lane.CONTROL,
                                    Apis.OFFSET_DELETE,
                                    new OffsetDeleteRequest(groupId, topics))
                            .thenCompose(answer -> {
                                coordinator.noteError(ErrorCode.of(answer.errorCode()));
                                require(answer.errorCode(), what, null);
                                answer.topics().forEach(topic -> take(topic, batch, what));
                                return batch.outcome();
                            });
                });
    }

    private static void take(
            OffsetDeleteResponse.OffsetDeleteResponseTopic topic,
            Batch<TopicPartition> batch,
            String what) {
        for (OffsetDeleteResponse.OffsetDeleteResponsePartition each : topic.partitions()) {
            TopicPartition partition = new TopicPartition(topic.name(), each.partitionIndex());
            batch.answered(
                    partition, each.errorCode(), what + ", " + Requests.subject(partition), null);
        }
    }

    private static void require(short code, String what, @Nullable String message) {
        if (code != ErrorCode.NONE.code()) {
            throw BrokerException.of(code, what, message);
        }
    }
}
