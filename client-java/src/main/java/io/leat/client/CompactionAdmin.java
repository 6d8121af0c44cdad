package io.leat.client;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.LeatDescribeCompactionRequest;
import io.leat.wire.message.LeatDescribeCompactionResponse.PartitionCompaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How topics are compacted. On the loop. */
final class CompactionAdmin {
    private final Cluster cluster;

    CompactionAdmin(Cluster cluster) {
        this.cluster = cluster;
    }

    CompletableFuture<List<Compaction>> describe(String topic, Deadline deadline) {
        String what = "describe the compaction of " + topic;
        LeatDescribeCompactionRequest request = new LeatDescribeCompactionRequest(topic);
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askController(Apis.LEAT_DESCRIBE_COMPACTION, request)
                                .thenApply(answer -> {
                                    ErrorCode error = ErrorCode.of(answer.errorCode());
                                    if (error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
                                        throw BrokerException.fatal(
                                                error, what, answer.errorMessage());
                                    }
                                    if (error != ErrorCode.NONE) {
                                        throw BrokerException.of(
                                                error, what, answer.errorMessage());
                                    }
                                    return answer.partitions().stream()
                                            .map(CompactionAdmin::compaction)
                                            .toList();
                                }));
    }

    private static Compaction compaction(PartitionCompaction wire) {
        return new Compaction(
                wire.partition(),
                wire.running(),
                wire.firstDirtyOffset(),
                wire.cleanableEndOffset(),
                wire.cleanBytes(),
                wire.cleanableBytes(),
                wire.lastPassTimeMs() < 0
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(wire.lastPassTimeMs())),
                wire.lastPassRecordsRemoved(),
                wire.lastPassBytesFreed(),
                Optional.ofNullable(wire.problem()));
    }
}
