package io.leat.client.network;

import io.leat.client.network.TransportException.Reason;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One request and the answer that is waited for.
 *
 * @param api what is asked
 * @param request the question
 * @param timeout how long the answer may take, counted from the write
 * @param answerWhenWritten what to answer as soon as the request is written, for requests that a
 *     broker leaves unanswered
 * @param answer completes on the loop
 */
record Call<Q extends RequestMessage, R extends ResponseMessage>(
        Api<Q, R> api,
        Q request,
        Duration timeout,
        Optional<R> answerWhenWritten,
        CompletableFuture<R> answer) {

    void fail(TransportException why) {
        answer.completeExceptionally(why);
    }

    void fail(Reason reason, String message) {
        fail(new TransportException(reason, message));
    }
}
