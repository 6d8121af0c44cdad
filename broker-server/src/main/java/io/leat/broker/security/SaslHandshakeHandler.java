package io.leat.broker.security;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.SaslHandshakeRequest;
import io.leat.wire.message.SaslHandshakeResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets the client choose a mechanism. After a wrong choice the connection ends, as in Kafka. */
final class SaslHandshakeHandler
        implements ApiHandler<SaslHandshakeRequest, SaslHandshakeResponse> {
    /** From here on what follows comes in requests of its own. */
    private static final int FRAMED_SINCE = 1;

    @Override
    public CompletionStage<SaslHandshakeResponse> handle(
            RequestContext context, SaslHandshakeRequest request) {
        ErrorCode error =
                switch (context.session()
                        .choose(request.mechanism(), context.apiVersion() < FRAMED_SINCE)) {
                    case ACCEPTED -> ErrorCode.NONE;
                    case UNSUPPORTED -> ErrorCode.UNSUPPORTED_SASL_MECHANISM;
                    case OUT_OF_PLACE -> ErrorCode.ILLEGAL_SASL_STATE;
                };
        if (error != ErrorCode.NONE && !context.session().mechanisms().isEmpty()) {
            context.scope().closeAfterReply();
        }
        return CompletableFuture.completedFuture(
                new SaslHandshakeResponse(error.code(), context.session().mechanisms()));
    }
}
