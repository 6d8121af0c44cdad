package io.leat.broker.api;

import java.util.concurrent.CompletionStage;

/**
 * A reply in the making.
 *
 * @param expected whether the client waits for it
 * @param refersToFrame whether the request's frame must stay until the stage completes
 * @param scope the request's lifetime; the network ends it
 * @param reply completes with what to send, or fails with why the connection must close
 */
public record PendingReply(
        boolean expected,
        boolean refersToFrame,
        RequestScope scope,
        CompletionStage<Reply> reply) {}
