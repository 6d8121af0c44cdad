package io.leat.client.network;

import io.leat.client.network.TransportException.Reason;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.Exchange;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.message.SaslAuthenticateRequest;
import io.leat.wire.message.SaslAuthenticateResponse;
import io.leat.wire.message.SaslHandshakeRequest;
import io.leat.wire.message.SaslHandshakeResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Says to a broker who the client is (KIP-43, KIP-152). Lives on the loop. */
final class Authentication {
    /** Writes a call, in an agreed version. */
    @FunctionalInterface
    interface Writer {
        <Q extends RequestMessage, R extends ResponseMessage> void write(Call<Q, R> call);
    }

    private static final Api<SaslHandshakeRequest, SaslHandshakeResponse> HANDSHAKE =
            Api.of(Exchange.SASL_HANDSHAKE, 1, 1);
    private static final Api<SaslAuthenticateRequest, SaslAuthenticateResponse> AUTHENTICATE =
            Api.of(Exchange.SASL_AUTHENTICATE, 0, 2);

    /** More than any mechanism needs. */
    private static final int STEPS_MAX = 8;

    private final Writer writer;
    private final HostPort address;
    private final Duration timeout;
    private final SaslConversation conversation;
    private int steps;

    private Authentication(
            Writer writer, HostPort address, Duration timeout, SaslConversation conversation) {
        this.writer = writer;
        this.address = address;
        this.timeout = timeout;
        this.conversation = conversation;
    }

    /**
     * Runs the exchange.
     *
     * @return for how long the broker believes it; zero for as long as the connection lasts. Fails
     *     with {@link TransportException} only
     */
    static CompletableFuture<Duration> run(
            Writer writer, HostPort address, Duration timeout, SaslConversation conversation) {
        Authentication authentication = new Authentication(writer, address, timeout, conversation);
        return authentication
                .ask(HANDSHAKE, new SaslHandshakeRequest(conversation.mechanism()))
                .thenCompose(authentication::begin);
    }

    private CompletableFuture<Duration> begin(SaslHandshakeResponse answer) {
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            return refused(
                    "it does not take %s; it takes %s"
                            .formatted(
                                    conversation.mechanism(),
                                    String.join(", ", answer.mechanisms())));
        }
        return say(conversation.begin());
    }

    private CompletableFuture<Duration> say(byte[] words) {
        if (++steps > STEPS_MAX) {
            return refused("the exchange does not end");
        }
        return ask(AUTHENTICATE, new SaslAuthenticateRequest(ByteBuffer.wrap(words)))
                .thenCompose(this::hear);
    }

    private CompletableFuture<Duration> hear(SaslAuthenticateResponse answer) {
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            String message = answer.errorMessage();
            return refused(message == null ? ErrorCode.of(answer.errorCode()).message() : message);
        }
        byte[] said = new byte[answer.authBytes().remaining()];
        answer.authBytes().duplicate().get(said);
        Optional<byte[]> reply;
        try {
            reply = conversation.answer(said);
        } catch (SaslConversation.BrokenException e) {
            return refused(String.valueOf(e.getMessage()));
        }
        return reply.isPresent()
                ? say(reply.get())
                : CompletableFuture.completedFuture(
                        Duration.ofMillis(Math.max(0, answer.sessionLifetimeMs())));
    }

    private <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> ask(
            Api<Q, R> api, Q request) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        writer.write(new Call<>(api, request, timeout, Optional.empty(), answer));
        return answer;
    }

    private CompletableFuture<Duration> refused(String why) {
        return CompletableFuture.failedFuture(
                new TransportException(
                        Reason.NOT_AUTHENTICATED, address + " refused the client: " + why));
    }
}
