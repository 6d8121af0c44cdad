package io.leat.client;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.LeatDescribeErasuresRequest;
import io.leat.wire.message.LeatDescribeErasuresResponse.LeatErasure;
import io.leat.wire.message.LeatEraseKeysRequest;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Erasures of keys. On the loop. */
final class ErasureAdmin {
    private static final Erasure.State[] STATES = Erasure.State.values();

    private final Cluster cluster;

    ErasureAdmin(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Starts an erasure, once however often it has to be asked for. */
    CompletableFuture<UUID> erase(KeyErasure erasure, Deadline deadline) {
        UUID id = UUID.randomUUID();
        LeatEraseKeysRequest request =
                new LeatEraseKeysRequest(
                        id,
                        erasure.topic(),
                        erasure.keys().stream().map(ByteBuffer::wrap).toList(),
                        erasure.leaveTombstones());
        String what = "erase " + erasure;
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askController(Apis.LEAT_ERASE_KEYS, request)
                                .thenApply(answer -> {
                                    BrokerException.checkOfTopic(
                                            answer.errorCode(), what, answer.errorMessage());
                                    return id;
                                }));
    }

    CompletableFuture<Erasure> describe(UUID id, Deadline deadline) {
        String what = "describe erasure " + id;
        return ask(what, new LeatDescribeErasuresRequest(List.of(id), null, 1), deadline)
                .thenApply(found ->
                        found.stream()
                                .findFirst()
                                .orElseThrow(() ->
                                        BrokerException.fatal(
                                                ErrorCode.RESOURCE_NOT_FOUND,
                                                what,
                                                "there is none")));
    }

    CompletableFuture<List<Erasure>> list(Optional<String> topic, int limit, Deadline deadline) {
        return ask(
                "list erasures",
                new LeatDescribeErasuresRequest(null, topic.orElse(null), limit),
                deadline);
    }

    private CompletableFuture<List<Erasure>> ask(
            String what, LeatDescribeErasuresRequest request, Deadline deadline) {
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askController(Apis.LEAT_DESCRIBE_ERASURES, request)
                                .thenApply(answer -> {
                                    BrokerException.checkOfTopic(
                                            answer.errorCode(), what, answer.errorMessage());
                                    return answer.erasures().stream()
                                            .map(ErasureAdmin::erasure)
                                            .toList();
                                }));
    }

    private static Erasure erasure(LeatErasure wire) {
        return new Erasure(
                wire.erasureId(),
                wire.topic(),
                wire.topicId(),
                // A state that a later broker adds is one in which something else goes on.
                wire.state() >= 0 && wire.state() < STATES.length
                        ? STATES[wire.state()]
                        : Erasure.State.RUNNING,
                Optional.ofNullable(wire.problem()),
                wire.keyHashes().stream().map(ErasureAdmin::hex).toList(),
                wire.leaveTombstone(),
                wire.requestedBy(),
                Instant.ofEpochMilli(wire.acceptedTimeMs()),
                wire.endedTimeMs() < 0
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(wire.endedTimeMs())),
                wire.partitions(),
                wire.partitionsDone(),
                wire.workBytes(),
                wire.workBytesDone(),
                wire.recordsRemoved(),
                wire.bytesFreed(),
                wire.segmentsRewritten(),
                wire.tombstonesLeft(),
                wire.recordsVerified());
    }

    private static String hex(ByteBuffer hash) {
        byte[] bytes = new byte[hash.remaining()];
        hash.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
