package io.leat.broker.erasure;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.compaction.erasure.KeyHash;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.LeatDescribeErasuresRequest;
import io.leat.wire.message.LeatDescribeErasuresResponse;
import io.leat.wire.message.LeatDescribeErasuresResponse.LeatErasure;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Shows erasures. */
final class DescribeErasuresHandler
        implements ApiHandler<LeatDescribeErasuresRequest, LeatDescribeErasuresResponse> {
    private static final int LIMIT_MAX = 1_000;

    private final Erasures erasures;
    private final Executor blocking;

    DescribeErasuresHandler(Erasures erasures, Executor blocking) {
        this.erasures = erasures;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<LeatDescribeErasuresResponse> handle(
            RequestContext context, LeatDescribeErasuresRequest request) {
        return CompletableFuture.supplyAsync(() -> describe(request), blocking);
    }

    private LeatDescribeErasuresResponse describe(LeatDescribeErasuresRequest request) {
        List<UUID> ids = request.erasureIds();
        String topic = request.topic();
        int limit = Math.clamp(request.limit(), 0, LIMIT_MAX);
        try {
            List<Erasures.View> found =
                    ids == null
                            ? erasures.list(name -> topic == null || topic.equals(name), limit)
                            : erasures.find(ids.stream().distinct().limit(limit).toList());
            return new LeatDescribeErasuresResponse(
                    0,
                    ErrorCode.NONE.code(),
                    null,
                    found.stream().map(DescribeErasuresHandler::shown).toList());
        } catch (StorageException e) {
            return new LeatDescribeErasuresResponse(
                    0, ErrorCode.KAFKA_STORAGE_ERROR.code(), e.getMessage(), List.of());
        }
    }

    private static LeatErasure shown(Erasures.View view) {
        Erasure erasure = view.erasure();
        ErasureTotals totals = erasure.totals();
        return new LeatErasure(
                erasure.id(),
                erasure.topic(),
                erasure.topicId(),
                erasure.state().code(),
                erasure.problem().orElse(null),
                erasure.keys().stream().map(DescribeErasuresHandler::hash).toList(),
                erasure.leaveTombstone(),
                erasure.requestedBy(),
                erasure.acceptedMillis(),
                erasure.endedMillis(),
                erasure.partitions(),
                totals.partitionsDone(),
                view.workBytes(),
                view.workBytesDone(),
                totals.recordsRemoved(),
                totals.bytesFreed(),
                totals.segmentsRewritten(),
                totals.tombstonesLeft(),
                totals.recordsVerified());
    }

    private static ByteBuffer hash(KeyHash key) {
        return ByteBuffer.wrap(key.toBytes());
    }
}
