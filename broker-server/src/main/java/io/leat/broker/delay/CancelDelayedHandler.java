package io.leat.broker.delay;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.topic.TopicException;
import io.leat.compaction.erasure.KeyHash;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.LeatCancelDelayedRequest;
import io.leat.wire.message.LeatCancelDelayedResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Cancels pending records by their cancel keys. */
final class CancelDelayedHandler
        implements ApiHandler<LeatCancelDelayedRequest, LeatCancelDelayedResponse> {
    private static final int KEYS_MAX = 1_000;

    private final PendingAdmin pending;
    private final Executor blocking;

    CancelDelayedHandler(PendingAdmin pending, Executor blocking) {
        this.pending = pending;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<LeatCancelDelayedResponse> handle(
            RequestContext context, LeatCancelDelayedRequest request) {
        int count = request.keys().size();
        if (count < 1 || count > KEYS_MAX) {
            return CompletableFuture.completedFuture(
                    failed(
                            ErrorCode.INVALID_REQUEST,
                            "1 to %d keys can be cancelled at once, not %d"
                                    .formatted(KEYS_MAX, count)));
        }
        List<KeyHash> keys = request.keys().stream().map(KeyHash::of).toList();
        return CompletableFuture.supplyAsync(() -> cancel(request.topic(), keys), blocking);
    }

    private LeatCancelDelayedResponse cancel(String topic, List<KeyHash> keys) {
        try {
            return new LeatCancelDelayedResponse(
                    0, ErrorCode.NONE.code(), null, pending.cancel(topic, keys));
        } catch (TopicException e) {
            return failed(e.error(), e.getMessage());
        } catch (StorageException e) {
            return failed(ErrorCode.KAFKA_STORAGE_ERROR, e.getMessage());
        }
    }

    private static LeatCancelDelayedResponse failed(ErrorCode error, @Nullable String message) {
        return new LeatCancelDelayedResponse(0, error.code(), message, List.of());
    }
}
