package io.leat.client;

import io.leat.wire.message.LeatCancelDelayedRequest;
import io.leat.wire.message.LeatListDelayedRequest;
import io.leat.wire.message.LeatListDelayedResponse.LeatDelayed;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Delayed records. On the loop. */
final class DelayAdmin {
    private final Cluster cluster;

    DelayAdmin(Cluster cluster) {
        this.cluster = cluster;
    }

    CompletableFuture<DelayedRecords> list(
            String topic, Optional<byte[]> cancelKey, int limit, Deadline deadline) {
        String what = "list delayed records of " + topic;
        LeatListDelayedRequest request =
                new LeatListDelayedRequest(
                        topic, cancelKey.map(ByteBuffer::wrap).orElse(null), limit);
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askController(Apis.LEAT_LIST_DELAYED, request)
                                .thenApply(answer -> {
                                    BrokerException.checkOfTopic(
                                            answer.errorCode(), what, answer.errorMessage());
                                    return new DelayedRecords(
                                            answer.pending(),
                                            answer.records().stream()
                                                    .map(DelayAdmin::record)
                                                    .toList());
                                }));
    }

    /** To cancel twice what was cancelled is no harm, but the second time it is not counted. */
    CompletableFuture<List<Integer>> cancel(String topic, List<byte[]> keys, Deadline deadline) {
        String what = "cancel delayed records of " + topic;
        LeatCancelDelayedRequest request =
                new LeatCancelDelayedRequest(topic, keys.stream().map(ByteBuffer::wrap).toList());
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askController(Apis.LEAT_CANCEL_DELAYED, request)
                                .thenApply(answer -> {
                                    BrokerException.checkOfTopic(
                                            answer.errorCode(), what, answer.errorMessage());
                                    return answer.cancelled();
                                }));
    }

    private static DelayedRecords.DelayedRecord record(LeatDelayed wire) {
        return new DelayedRecords.DelayedRecord(
                wire.partition(),
                Instant.ofEpochMilli(wire.dueTimeMs()),
                Instant.ofEpochMilli(wire.acceptedTimeMs()),
                bytes(wire.key()),
                bytes(wire.cancelHeader()),
                wire.valueBytes(),
                wire.held());
    }

    private static Optional<byte[]> bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return Optional.empty();
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return Optional.of(bytes);
    }
}
