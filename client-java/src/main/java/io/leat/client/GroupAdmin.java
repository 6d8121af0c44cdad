package io.leat.client;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.DeleteGroupsRequest;
import io.leat.wire.message.ListGroupsRequest;
import io.leat.wire.message.ListGroupsResponse;
import io.leat.wire.message.OffsetDeleteRequest;
import io.leat.wire.message.OffsetDeleteResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Groups and what they have committed. On the loop. */
final class GroupAdmin {
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
        return new GroupListing(
                group.groupId(),
                GroupType.of(group.groupType()),
                group.protocolType(),
                group.groupState());
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
