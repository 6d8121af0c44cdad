package io.leat.client;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.OffsetCommitRequest;
import io.leat.wire.message.OffsetCommitResponse;
import io.leat.wire.message.OffsetFetchRequest;
import io.leat.wire.message.OffsetFetchResponse;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads and writes what a group has committed. On the loop. */
final class GroupOffsets {
    /**
     * Who commits.
     *
     * @param generation the group's, or -1 for someone who is no member
     * @param memberId the member's id, empty for someone who is none
     * @param groupInstanceId the static member's name, or null
     */
    record Author(int generation, String memberId, @Nullable String groupInstanceId) {
        /** Somebody who is no member; allowed while the group has none. */
        static final Author OUTSIDER = new Author(-1, "", null);
    }

    private static final long BROKER_RETENTION = -1;
    private static final int NO_EPOCH = -1;

    private final GroupCoordinator coordinator;

    GroupOffsets(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    String groupId() {
        return coordinator.groupId();
    }

    /** One attempt to commit; fails for the whole if it fails for one partition. */
    CompletableFuture<Void> commit(Author author, Map<TopicPartition, OffsetAndMetadata> offsets) {
        String what = "commit offsets of " + Requests.groupSubject(coordinator.groupId());
        List<OffsetCommitRequest.OffsetCommitRequestTopic> topics =
                Requests.byTopic(
                        offsets.keySet(),
                        offsets,
                        (number, offset) ->
                                new OffsetCommitRequest.OffsetCommitRequestPartition(
                                        number, offset.offset(), NO_EPOCH, offset.metadata()),
                        (name, parts) ->
                                new OffsetCommitRequest.OffsetCommitRequestTopic(
                                        name, Requests.NO_ID, parts));
        OffsetCommitRequest request =
                new OffsetCommitRequest(
                        coordinator.groupId(),
                        author.generation(),
                        author.memberId(),
                        author.groupInstanceId(),
                        BROKER_RETENTION,
                        topics);
        return coordinator
                .ask(Lane.CONTROL, Apis.OFFSET_COMMIT, request)
                .thenAccept(
                        answer -> answer.topics().forEach(topic -> requireCommitted(topic, what)));
    }

    private void requireCommitted(
            OffsetCommitResponse.OffsetCommitResponseTopic topic, String what) {
        for (OffsetCommitResponse.OffsetCommitResponsePartition each : topic.partitions()) {
            ErrorCode error = ErrorCode.of(each.errorCode());
            if (error != ErrorCode.NONE) {
                coordinator.noteError(error);
                TopicPartition partition = new TopicPartition(topic.name(), each.partitionIndex());
                throw BrokerException.of(error, what + ", " + Requests.subject(partition), null);
            }
        }
    }

    /**
     * One attempt to read what is committed.
     *
     * @param partitions which, or null for all; those without a commit are left out of the answer
     */
    CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> fetch(
            @Nullable Collection<TopicPartition> partitions) {
        String what = "read the offsets of " + Requests.groupSubject(coordinator.groupId());
        List<OffsetFetchRequest.OffsetFetchRequestTopics> topics =
                partitions == null
                        ? null
                        : Requests.byTopic(
                                partitions,
                                TopicPartition::partition,
                                (name, parts) ->
                                        new OffsetFetchRequest.OffsetFetchRequestTopics(
                                                name, Requests.NO_ID, parts));
        OffsetFetchRequest request =
                new OffsetFetchRequest(
                        "",
                        List.of(),
                        List.of(
                                new OffsetFetchRequest.OffsetFetchRequestGroup(
                                        coordinator.groupId(), null, NO_EPOCH, topics)),
                        true);
        return coordinator
                .ask(Lane.CONTROL, Apis.OFFSET_FETCH, request)
                .thenApply(answer -> committed(answer, what));
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(
            OffsetFetchResponse answer, String what) {
        OffsetFetchResponse.OffsetFetchResponseGroup group = answer.groups().get(0);
        require(group.errorCode(), what);
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (OffsetFetchResponse.OffsetFetchResponseTopics topic : group.topics()) {
            for (OffsetFetchResponse.OffsetFetchResponsePartitions each : topic.partitions()) {
                require(each.errorCode(), what);
                if (each.committedOffset() >= 0) {
                    String metadata = each.metadata() == null ? "" : each.metadata();
                    offsets.put(
                            new TopicPartition(topic.name(), each.partitionIndex()),
                            new OffsetAndMetadata(each.committedOffset(), metadata));
                }
            }
        }
        return offsets;
    }

    private void require(short code, String what) {
        ErrorCode error = ErrorCode.of(code);
        if (error != ErrorCode.NONE) {
            coordinator.noteError(error);
            throw BrokerException.of(error, what, null);
        }
    }
}
