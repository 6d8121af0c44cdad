package io.leat.broker.erasure;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.topic.TopicException;
import io.leat.compaction.erasure.KeyHash;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.LeatEraseKeysRequest;
import io.leat.wire.message.LeatEraseKeysResponse;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Accepts erasures. The keys are hashed here, and go no further. */
final class EraseKeysHandler implements ApiHandler<LeatEraseKeysRequest, LeatEraseKeysResponse> {
    private static final UUID NO_ID = new UUID(0, 0);
    private static final int CLIENT_ID_CHARS_MAX = 100;

    private final Erasures erasures;
    private final Executor blocking;

    EraseKeysHandler(Erasures erasures, Executor blocking) {
        this.erasures = erasures;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<LeatEraseKeysResponse> handle(
            RequestContext context, LeatEraseKeysRequest request) {
        Optional<String> flaw = flaw(request);
        if (flaw.isPresent()) {
            return CompletableFuture.completedFuture(answer(ErrorCode.INVALID_REQUEST, flaw.get()));
        }
        Set<KeyHash> keys = new HashSet<>();
        for (ByteBuffer key : request.keys()) {
            keys.add(KeyHash.of(key));
        }
        return CompletableFuture.supplyAsync(() -> start(context, request, keys), blocking);
    }

    private static Optional<String> flaw(LeatEraseKeysRequest request) {
        if (request.erasureId().equals(NO_ID)) {
            return Optional.of("An erasure needs an id that is not zero");
        }
        int keys = request.keys().size();
        return keys >= 1 && keys <= Erasures.KEYS_MAX
                ? Optional.empty()
                : Optional.of(
                        "An erasure takes 1 to %d keys, not %d".formatted(Erasures.KEYS_MAX, keys));
    }

    private LeatEraseKeysResponse start(
            RequestContext context, LeatEraseKeysRequest request, Set<KeyHash> keys) {
        try {
            erasures.start(
                    request.erasureId(),
                    request.topic(),
                    keys,
                    request.leaveTombstone(),
                    requester(context));
            return answer(ErrorCode.NONE, null);
        } catch (TopicException e) {
            return answer(e.error(), e.getMessage());
        }
    }

    /** What the client calls itself is not trusted to be one line. */
    private static String requester(RequestContext context) {
        String clientId = context.clientId().replaceAll("\\p{Cntrl}", "?");
        return "%s at %s (%s)"
                .formatted(
                        context.connection().principal(),
                        context.connection().clientHost(),
                        clientId.substring(0, Math.min(clientId.length(), CLIENT_ID_CHARS_MAX)));
    }

    private static LeatEraseKeysResponse answer(ErrorCode error, @Nullable String message) {
        return new LeatEraseKeysResponse(0, error.code(), message);
    }
}
