package io.leat.broker.access;

import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;

/**
 * What an API needs: looks at a request, and says what becomes of it. A pure function.
 *
 * @param <Q> the request
 * @param <R> the response
 */
@FunctionalInterface
interface Rule<Q extends RequestMessage, R extends ResponseMessage> {
    /**
     * Judges a request.
     *
     * @param access what the client may do
     * @param version the request's version, for responses that differ by it
     */
    Verdict<Q, R> judge(Access access, short version, Q request);
}
