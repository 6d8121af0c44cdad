package io.leat.broker.api;

import io.leat.broker.access.AccessRules;
import io.leat.broker.access.Verdict;
import io.leat.broker.api.ApiRegistry.Api;
import io.leat.wire.ApiKey;
import io.leat.wire.message.RequestHeader;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseHeader;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.schema.MalformedMessageException;
import io.leat.wire.schema.MessageCodec;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Turns a frame into a request, hands it to its handler, and turns the response into a reply. Any
 * thread.
 *
 * <pre>
 * frame   api key(2) api version(2) correlation id(4) client id(nullable string)
 *         [tagged fields, where the request's version is flexible] request
 * </pre>
 */
public final class RequestRouter {
    private static final int FIXED_HEADER_BYTES = 8;

    /**
     * What the lists of a request may have together. An element may come as two bytes and take a
     * hundred; no client names this many partitions at once, and there are fewer here.
     */
    private static final int ELEMENTS_MAX = 1 << 19;

    private static final MessageCodec<RequestHeader> REQUEST_HEADER =
            MessageCodec.of(RequestHeader.class);
    private static final MessageCodec<ResponseHeader> RESPONSE_HEADER =
            MessageCodec.of(ResponseHeader.class);

    private final ApiRegistry registry;
    private final AccessRules rules;
    private final RequestObserver observer;
    private final BareMessages bareMessages;
    private final Witness witness;
    private final Throttle throttle;

    /** Answers SASL messages that have no request around them, as old clients send them. */
    @FunctionalInterface
    public interface BareMessages {
        /** There is no SASL. */
        BareMessages NONE =
                (message, session) -> {
                    throw new CloseConnection("there is no SASL here");
                };

        /** Answers one. */
        PendingReply answer(ByteBuffer message, Session session);
    }

    /** Makes a router of clients that need no SASL. */
    public RequestRouter(ApiRegistry registry, AccessRules rules, RequestObserver observer) {
        this(registry, rules, observer, Throttle.NONE, BareMessages.NONE, Witness.NONE);
    }

    /**
     * Makes the router.
     *
     * @param rules what each API needs
     * @param throttle holds clients to their quotas
     * @throws IllegalStateException when an API of the registry has no rule
     */
    public RequestRouter(
            ApiRegistry registry,
            AccessRules rules,
            RequestObserver observer,
            Throttle throttle,
            BareMessages bareMessages,
            Witness witness) {
        registry.all().forEach(api -> require(rules, api));
        this.registry = registry;
        this.rules = rules;
        this.observer = observer;
        this.bareMessages = bareMessages;
        this.witness = witness;
        this.throttle = throttle;
    }

    /**
     * Starts to serve a request.
     *
     * @param frame the body of a frame; the reply says how long it must stay
     * @param session who sent it
     * @throws MalformedMessageException when it is no request; the connection must close
     * @throws CloseConnection when it is one that cannot be answered; the connection must close
     */
    public PendingReply route(ByteBuffer frame, Session session) {
        if (session.expectsBareMessage()) {
            return bareMessages.answer(onHeap(frame), session);
        }
        if (frame.remaining() < FIXED_HEADER_BYTES) {
            throw new MalformedMessageException(
                    "a frame of " + frame.remaining() + " bytes is too short for a request");
        }
        short key = frame.getShort(frame.position());
        short version = frame.getShort(frame.position() + 2);
        Optional<Api<?, ?>> api = registry.find(key);
        if (api.isEmpty()) {
            throw new CloseConnection("API key " + key + " is not served");
        }
        if (!session.admits(api.get().key())) {
            throw new CloseConnection(
                    "%s is not for this client: %s".formatted(api.get().key(), session.obstacle()));
        }
        if (api.get().supports(version)) {
            return serve(api.get(), version, frame, session);
        }
        Optional<Reply> answer = UnsupportedVersion.answer(api.get(), version, frame.duplicate());
        if (answer.isEmpty()) {
            throw new CloseConnection(
                    "%s v%d is not served, only v%d to v%d"
                            .formatted(
                                    api.get().key(),
                                    version,
                                    api.get().lowestVersion(),
                                    api.get().highestVersion()));
        }
        return new PendingReply(
                true, false, new RequestScope(), CompletableFuture.completedFuture(answer.get()));
    }

    private <Q extends Record & RequestMessage, R extends Record & ResponseMessage>
            PendingReply serve(Api<Q, R> api, short version, ByteBuffer frame, Session session) {
        long start = System.nanoTime();
        // Produce appends straight from the frame. All others may keep what they are given, so
        // they get bytes that the garbage collector looks after.
        boolean refersToFrame = api.key() == ApiKey.PRODUCE;
        ByteBuffer in = refersToFrame ? frame : onHeap(frame);
        RequestHeader header =
                REQUEST_HEADER.decodePrefix(in, (short) (api.requests().flexible(version) ? 2 : 1));
        Q request = api.requests().decode(in, version, ELEMENTS_MAX);
        RequestScope scope = new RequestScope();
        RequestContext context =
                new RequestContext(
                        version,
                        header.correlationId(),
                        header.clientId() == null ? "" : header.clientId(),
                        session.connection(),
                        session,
                        scope);
        CompletionStage<R> handling = witnessed(api, context, request);
        if (throttle.timed()) {
            throttle.worked(context, System.nanoTime() - start);
        }
        CompletionStage<Reply> reply =
                handling.thenApply(response -> reply(api, context, response, start));
        return new PendingReply(api.handler().replies(request), refersToFrame, scope, reply);
    }

    private static void require(AccessRules rules, Api<?, ?> api) {
        rules.require(api.key(), api.requests().type(), api.responses().type());
    }

    private <Q extends Record & RequestMessage, R extends Record & ResponseMessage>
            CompletionStage<R> witnessed(Api<Q, R> api, RequestContext context, Q request) {
        CompletionStage<R> response = admit(api, context, request);
        return witness.watches(api.key())
                ? response.thenApply(answer -> {
                    witness.answered(api.key(), context, request, answer);
                    return answer;
                })
                : response;
    }

    /** Hands to the handler what the client may ask of it: the one place where that is decided. */
    private <Q extends Record & RequestMessage, R extends Record & ResponseMessage>
            CompletionStage<R> admit(Api<Q, R> api, RequestContext context, Q request) {
        Verdict<Q, R> verdict =
                rules.judge(api.key(), context.access(), context.apiVersion(), request);
        if (verdict.refuses() && !api.handler().replies(request)) {
            return CompletableFuture.failedFuture(
                    new CloseConnection(
                            "%s asked for what it may not in %s, and waits for no answer"
                                    .formatted(context.connection().principal(), api.key())));
        }
        return switch (verdict) {
            case Verdict.Refused<Q, R>(R response) -> CompletableFuture.completedFuture(response);
            case Verdict.Passed<Q, R>(
                            Q allowed,
                            Optional<UnaryOperator<R>> finish,
                            boolean some) -> {
                CompletionStage<R> response = handle(api, context, allowed);
                yield finish.isPresent() ? response.thenApply(finish.get()) : response;
            }
        };
    }

    private static <Q extends Record & RequestMessage, R extends Record & ResponseMessage>
            CompletionStage<R> handle(Api<Q, R> api, RequestContext context, Q request) {
        try {
            return api.handler().handle(context, request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private <R extends Record & ResponseMessage> Reply reply(
            Api<?, R> api, RequestContext context, R response, long start) {
        observer.answered(api.key(), response, System.nanoTime() - start);
        short version = context.apiVersion();
        int throttleMillis = context.scope().throttleMillis();
        R told =
                throttleMillis > 0
                        ? api.responses().withThrottleTime(response, throttleMillis)
                        : response;
        // Who asks for versions may not know flexible headers yet (KIP-511).
        boolean flexibleHeader =
                api.responses().flexible(version) && api.key() != ApiKey.API_VERSIONS;
        return out -> {
            RESPONSE_HEADER.encode(
                    new ResponseHeader(context.correlationId()),
                    (short) (flexibleHeader ? 1 : 0),
                    out);
            api.responses().encode(told, version, out);
        };
    }

    private static ByteBuffer onHeap(ByteBuffer frame) {
        return ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip();
    }
}
