package io.leat.broker.api;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.InitProducerIdRequest;
import io.leat.wire.message.InitProducerIdResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gives an idempotent producer its id. There is no transaction coordinator, and a producer with a
 * transactional id is told so: it gives up at once instead of trying for ever.
 */
public final class InitProducerIdHandler
        implements ApiHandler<InitProducerIdRequest, InitProducerIdResponse> {
    private static final long NO_PRODUCER = -1;
    private static final short NO_EPOCH = -1;
    private static final short FIRST_EPOCH = 0;

    private final ProducerIds ids;

    public InitProducerIdHandler(ProducerIds ids) {
        this.ids = ids;
    }

    @Override
    public CompletionStage<InitProducerIdResponse> handle(
            RequestContext context, InitProducerIdRequest request) {
        String transactionalId = request.transactionalId();
        if (transactionalId != null) {
            return CompletableFuture.completedFuture(
                    failed(
                            transactionalId.isEmpty()
                                    ? ErrorCode.INVALID_REQUEST
                                    : ErrorCode.UNSUPPORTED_VERSION));
        }
        return ids.next()
                .handle((id, error) ->
                        error == null
                                ? new InitProducerIdResponse(
                                        0, ErrorCode.NONE.code(), id, FIRST_EPOCH)
                                : failed(ErrorCode.COORDINATOR_NOT_AVAILABLE));
    }

    private static InitProducerIdResponse failed(ErrorCode error) {
        return new InitProducerIdResponse(0, error.code(), NO_PRODUCER, NO_EPOCH);
    }
}
