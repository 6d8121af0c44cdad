package io.leat.client;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.AlterShareGroupOffsetsRequest;
import io.leat.wire.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestPartition;
import io.leat.wire.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic;
import io.leat.wire.message.AlterShareGroupOffsetsResponse;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where a share group goes on. On the loop. */
final class ShareOffsets {
    private final Cluster cluster;
    private final String groupId;
    private final GroupCoordinator coordinator;

    ShareOffsets(Cluster cluster, String groupId) {
        this.cluster = cluster;
        this.groupId = groupId;
        this.coordinator = new GroupCoordinator(cluster, groupId);
    }

    /** Every partition that the group has begun with. */
    CompletableFuture<Map<TopicPartition, ShareOffset>> list(Deadline deadline) {
        String what = "read the offsets of " + Requests.groupSubject(groupId);
        DescribeShareGroupOffsetsRequest request =
                new DescribeShareGroupOffsetsRequest(
                        List.of(new DescribeShareGroupOffsetsRequestGroup(groupId, null)));
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        coordinator
                                .ask(Lane.CONTROL, Apis.DESCRIBE_SHARE_GROUP_OFFSETS, request)
                                .thenApply(answer -> offsets(answer.groups().get(0), what)));
    }

    private Map<TopicPartition, ShareOffset> offsets(
            DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup group,
            String what) {
        require(group.errorCode(), what, group.errorMessage());
        Map<TopicPartition, ShareOffset> offsets = new HashMap<>();
        for (DescribeShareGroupOffsetsResponseTopic topic : group.topics()) {
            for (DescribeShareGroupOffsetsResponsePartition each : topic.partitions()) {
                require(each.errorCode(), what, each.errorMessage());
                if (each.startOffset() >= 0) {
                    OptionalLong lag =
                            each.lag() < 0 ? OptionalLong.empty() : OptionalLong.of(each.lag());
                    offsets.put(
                            new TopicPartition(topic.topicName(), each.partitionIndex()),
                            new ShareOffset(each.startOffset(), lag));
                }
            }
        }
        return offsets;
    }

    /** Lets delivery begin elsewhere. */
    CompletableFuture<Void> alter(Map<TopicPartition, Long> starts, Deadline deadline) {
        String what = "set the offsets of " + Requests.groupSubject(groupId);
        Batch<TopicPartition> batch = new Batch<>(starts.keySet());
        return Retry.until(
                cluster,
                deadline,
                what,
                () -> {
                    AlterShareGroupOffsetsRequest request =
                            new AlterShareGroupOffsetsRequest(
                                    groupId,
                                    Requests.byTopic(
                                            batch.pending(),
                                            starts,
                                            AlterShareGroupOffsetsRequestPartition::new,
                                            AlterShareGroupOffsetsRequestTopic::new));
                    return coordinator
                            .ask(Lane.CONTROL, Apis.ALTER_SHARE_GROUP_OFFSETS, request)
                            .thenCompose(answer -> {
                                require(answer.errorCode(), what, answer.errorMessage());
                                answer.responses().forEach(topic -> take(topic, batch, what));
                                return batch.outcome();
                            });
                });
    }

    private static void take(
            AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponseTopic topic,
            Batch<TopicPartition> batch,
            String what) {
        topic.partitions()
                .forEach(each -> {
                    TopicPartition partition =
                            new TopicPartition(topic.topicName(), each.partitionIndex());
                    batch.answered(
                            partition,
                            each.errorCode(),
                            what + ", " + Requests.subject(partition),
                            each.errorMessage());
                });
    }

    private void require(short code, String what, @Nullable String message) {
        ErrorCode error = ErrorCode.of(code);
        if (error != ErrorCode.NONE) {
            coordinator.noteError(error);
            throw BrokerException.of(error, what, message);
        }
    }
}
