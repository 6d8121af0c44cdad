package io.leat.broker.security;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.ClientConnection;
import io.leat.broker.api.CloseConnection;
import io.leat.broker.api.PendingReply;
import io.leat.broker.api.RequestContext;
import io.leat.broker.api.RequestRouter.BareMessages;
import io.leat.broker.api.RequestScope;
import io.leat.broker.api.Session;
import io.leat.broker.sasl.SaslStep;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.SaslAuthenticateRequest;
import io.leat.wire.message.SaslAuthenticateResponse;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the messages of SASL exchanges, in requests or, from old clients, without. Who fails is
 * told so after a while, so that guessing is slow, and the connection ends.
 */
final class Authentication
        implements ApiHandler<SaslAuthenticateRequest, SaslAuthenticateResponse>, BareMessages {
    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

    private final Executor blocking;
    private final long delayMillis;
    private final FailedLogins failures;

    /** Is told of failed log-ins. Any thread; must not wait. */
    @FunctionalInterface
    interface FailedLogins {
        /** Somebody was not let in. */
        void failed(ClientConnection connection, String mechanism, String user);
    }

    Authentication(Executor blocking, long delayMillis, FailedLogins failures) {
        this.blocking = blocking;
        this.delayMillis = delayMillis;
        this.failures = failures;
    }

    @Override
    public CompletionStage<SaslAuthenticateResponse> handle(
            RequestContext context, SaslAuthenticateRequest request) {
        Session session = context.session();
        return step(session, bytes(request.authBytes()))
                .thenApply(step -> {
                    if (step.isEmpty() || step.get() instanceof SaslStep.Failure) {
                        context.scope().closeAfterReply();
                    }
                    return answer(session, step);
                });
    }

    private static SaslAuthenticateResponse answer(Session session, Optional<SaslStep> step) {
        if (step.isEmpty()) {
            return refused(
                    ErrorCode.ILLEGAL_SASL_STATE,
                    "SaslAuthenticate comes after SaslHandshake, one message at a time");
        }
        return switch (step.get()) {
            case SaslStep.Challenge challenge ->
                    new SaslAuthenticateResponse(
                            ErrorCode.NONE.code(), null, ByteBuffer.wrap(challenge.message()), 0);
            case SaslStep.Success success ->
                    new SaslAuthenticateResponse(
                            ErrorCode.NONE.code(),
                            null,
                            ByteBuffer.wrap(success.message()),
                            session.lifetimeMillis());
            case SaslStep.Failure failure ->
                    refused(ErrorCode.SASL_AUTHENTICATION_FAILED, failure.told());
        };
    }

    private static SaslAuthenticateResponse refused(ErrorCode error, String message) {
        return new SaslAuthenticateResponse(error.code(), message, ByteBuffer.allocate(0), 0);
    }

    @Override
    public PendingReply answer(ByteBuffer message, Session session) {
        return new PendingReply(
                true,
                false,
                new RequestScope(),
                step(session, bytes(message))
                        .thenApply(step -> {
                            byte[] reply =
                                    switch (step.orElse(new SaslStep.Failure("", ""))) {
                                        case SaslStep.Challenge challenge -> challenge.message();
                                        case SaslStep.Success success -> success.message();
                                        case SaslStep.Failure failure ->
                                                throw new CloseConnection(
                                                        "it failed to authenticate");
                                    };
                            return out -> out.putBytes(reply);
                        }));
    }

    /** Checks off the event loop; a failure comes late. */
    private CompletionStage<Optional<SaslStep>> step(Session session, byte[] message) {
        CompletableFuture<Optional<SaslStep>> answer = new CompletableFuture<>();
        blocking.execute(() -> {
            try {
                Optional<SaslStep> step = session.next(message);
                if (step.isPresent() && step.get() instanceof SaslStep.Failure failure) {
                    LOG.warn(
                            "Connection {} failed to authenticate by {}",
                            session.connection().id(),
                            session.mechanism());
                    failures.failed(session.connection(), session.mechanism(), failure.user());
                    late(session, () -> answer.complete(step));
                } else {
                    answer.complete(step);
                }
            } catch (RuntimeException | Error e) {
                // Also what a message may cause that is nested too deep: without an answer the
                // memory of the request would stay taken.
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private void late(Session session, Runnable tell) {
        try {
            var _ = session.connection().loop().schedule(tell, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            tell.run(); // the broker stops
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
