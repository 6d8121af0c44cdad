package io.leat.broker.access;

import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What becomes of a request.
 *
 * @param <Q> the request
 * @param <R> the response
 */
public sealed interface Verdict<Q extends RequestMessage, R extends ResponseMessage> {
    /** Whether the client is refused something, which it must notice. */
    boolean refuses();

    /** The handler does not see it. */
    record Refused<Q extends RequestMessage, R extends ResponseMessage>(R response)
            implements Verdict<Q, R> {
        @Override
        public boolean refuses() {
            return true;
        }
    }

    /**
     * The handler serves what is allowed of it.
     *
     * @param request what is left
     * @param finish makes what the handler answers into what the client is told, where that is
     *     something else
     */
    record Passed<Q extends RequestMessage, R extends ResponseMessage>(
            Q request, Optional<UnaryOperator<R>> finish, boolean refuses)
            implements Verdict<Q, R> {
        public Passed(Q request, UnaryOperator<R> finish, boolean refuses) {
            this(request, Optional.of(finish), refuses);
        }
    }

    /** The whole request is allowed. */
    static <Q extends RequestMessage, R extends ResponseMessage> Verdict<Q, R> pass(Q request) {
        return new Passed<>(request, Optional.empty(), false);
    }

    /** The whole request is allowed, and parts of the answer are not shown. */
    static <Q extends RequestMessage, R extends ResponseMessage> Verdict<Q, R> pass(
            Q request, UnaryOperator<R> show) {
        return new Passed<>(request, show, false);
    }

    /** Nothing is allowed. */
    static <Q extends RequestMessage, R extends ResponseMessage> Verdict<Q, R> refuse(R response) {
        return new Refused<>(response);
    }

    /** The request passes where {@code allowed}, and {@code refusal} is the answer otherwise. */
    static <Q extends RequestMessage, R extends ResponseMessage> Verdict<Q, R> all(
            boolean allowed, Q request, R refusal) {
        return allowed ? pass(request) : refuse(refusal);
    }
}
