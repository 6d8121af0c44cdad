package io.leat.broker.api;

import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.util.concurrent.CompletionStage;

/**
 * Answers one API.
 *
 * <p><b>Adding a handler.</b> Write one class per API that implements this interface, and add it to
 * the {@link ApiRegistry} where the broker is composed:
 *
 * <pre>{@code
 * registry.add(ApiKey.HEARTBEAT, HeartbeatRequest.class, HeartbeatResponse.class, new HeartbeatHandler(...));
 * }</pre>
 *
 * That is all: the API is decoded, routed, measured and advertised by ApiVersions from then on, in
 * every version that both messages have a schema for.
 *
 * <p><b>Threads.</b> {@link #handle} is called on the connection's event loop and must not block:
 * no force, no lock held over I/O, no database. It may return a completed stage, or complete it
 * later from any thread; encoding and the write happen on the event loop again. Requests of one
 * connection are handed over in the order they came, perhaps before earlier ones are answered;
 * replies leave in that order too.
 *
 * <p><b>Errors.</b> A mistake of the client is an error code inside the reply. A stage that fails
 * with {@link CloseConnection} closes the connection with one log line; any other failure is a bug,
 * is logged with its stack trace, and closes the connection too.
 *
 * @param <Q> the request
 * @param <R> the reply
 */
@FunctionalInterface
public interface ApiHandler<Q extends RequestMessage, R extends ResponseMessage> {
    /**
     * Handles a request.
     *
     * @param context who asks, how, and what must be released when the reply is on its way
     * @param request decoded; except in Produce, whose record payloads are slices of the network's
     *     frame and end when the stage completes, it owns its bytes and may be kept
     */
    CompletionStage<R> handle(RequestContext context, Q request);

    /** Whether the client waits for a reply. Only Produce with {@code acks=0} does not. */
    default boolean replies(Q request) {
        return true;
    }
}
