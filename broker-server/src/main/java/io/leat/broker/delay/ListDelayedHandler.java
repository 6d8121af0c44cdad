package io.leat.broker.delay;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.topic.TopicException;
import io.leat.compaction.erasure.KeyHash;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.LeatListDelayedRequest;
import io.leat.wire.message.LeatListDelayedResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Shows pending records. */
final class ListDelayedHandler
        implements ApiHandler<LeatListDelayedRequest, LeatListDelayedResponse> {
    private static final int LIMIT_MAX = 10_000;

    private final PendingAdmin pending;
    private final Executor blocking;

    ListDelayedHandler(PendingAdmin pending, Executor blocking) {
        this.pending = pending;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<LeatListDelayedResponse> handle(
            RequestContext context, LeatListDelayedRequest request) {
        Optional<KeyHash> key = Optional.ofNullable(request.cancelKey()).map(KeyHash::of);
        return CompletableFuture.supplyAsync(() -> list(request, key), blocking);
    }

    private LeatListDelayedResponse list(LeatListDelayedRequest request, Optional<KeyHash> key) {
        try {
            int limit = Math.clamp(request.limit(), 0, LIMIT_MAX);
            return new LeatListDelayedResponse(
                    0,
                    ErrorCode.NONE.code(),
                    null,
                    pending.count(request.topic()),
                    pending.list(request.topic(), key, limit));
        } catch (TopicException e) {
            return failed(e.error(), e.getMessage());
        } catch (StorageException e) {
            return failed(ErrorCode.KAFKA_STORAGE_ERROR, e.getMessage());
        }
    }

    private static LeatListDelayedResponse failed(ErrorCode error, @Nullable String message) {
        return new LeatListDelayedResponse(0, error.code(), message, 0, List.of());
    }
}
