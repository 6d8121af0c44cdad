package io.leat.client.network;

import io.leat.client.network.TransportException.Reason;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A broker's address and the connection to it, which is made when a request needs it and made again
 * after it was lost.
 *
 * <p>A request that comes while there is no connection waits for the next attempt and shares its
 * fate, so that retries of the callers go no faster than the backoff between attempts. Lives on the
 * loop.
 */
public final class Endpoint {
    private final NetworkLoop loop;
    private final HostPort address;
    private final ConnectionSettings settings;
    private final ArrayDeque<Call<?, ?>> waiting = new ArrayDeque<>();
    private @Nullable Connection connection;
    private NetworkLoop.@Nullable Timer attempt;
    private int failures;
    private boolean closed;

    public Endpoint(NetworkLoop loop, HostPort address, ConnectionSettings settings) {
        this.loop = loop;
        this.address = address;
        this.settings = settings;
    }

    /** Where the broker is. */
    public HostPort address() {
        return address;
    }

    /**
     * Asks and waits as long as the settings say. The future fails with {@link TransportException}
     * only.
     */
    public <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> send(
            Api<Q, R> api, Q request) {
        return send(api, request, settings.requestTimeout());
    }

    /**
     * Asks and waits at most that long for the answer. The future fails with {@link
     * TransportException} only.
     */
    public <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> send(
            Api<Q, R> api, Q request, Duration timeout) {
        return submit(
                new Call<>(api, request, timeout, Optional.empty(), new CompletableFuture<>()));
    }

    /**
     * Sends what a broker does not answer; the future completes with that answer when the request
     * is written.
     */
    public <Q extends RequestMessage, R extends ResponseMessage>
            CompletableFuture<R> sendUnanswered(Api<Q, R> api, Q request, R answer) {
        return submit(
                new Call<>(
                        api,
                        request,
                        settings.requestTimeout(),
                        Optional.of(answer),
                        new CompletableFuture<>()));
    }

    /**
     * Ends the connection; what is on the way or waits fails with {@link Reason#CLOSED}, and so
     * does all that comes.
     */
    public void close() {
        closed = true;
        TransportException why = new TransportException(Reason.CLOSED, "the client was closed");
        if (attempt != null) {
            attempt.cancel();
            attempt = null;
        }
        if (connection != null) {
            connection.close(why);
        }
        failWaiting(why);
    }

    /** Whether nothing is on the way or waits, so that closing disturbs nobody. */
    public boolean isIdle() {
        return waiting.isEmpty() && (connection == null || connection.isIdle());
    }

    private <R extends ResponseMessage> CompletableFuture<R> submit(Call<?, R> call) {
        assert loop.inLoop() : "called off the loop";
        if (closed) {
            call.fail(Reason.CLOSED, "the client was closed");
        } else if (connection != null && connection.isReady()) {
            connection.send(call);
        } else if (waiting.size() >= settings.waitingMax()) {
            call.fail(
                    Reason.OVERLOADED,
                    waiting.size() + " requests already wait for a connection to " + address);
        } else {
            waiting.add(call);
            connectSoon();
        }
        return call.answer();
    }

    private void connectSoon() {
        if (connection == null && attempt == null) {
            attempt = loop.schedule(Backoff.delay(settings, failures), this::connect);
        }
    }

    private void connect() {
        attempt = null;
        connection = Connection.open(loop, address, settings, failures, new Watch());
    }

    private void failWaiting(TransportException why) {
        for (Call<?, ?> call = waiting.poll(); call != null; call = waiting.poll()) {
            call.fail(why);
        }
    }

    private final class Watch implements Connection.Listener {
        @Override
        public void ready(Connection ready) {
            for (Call<?, ?> call = waiting.poll(); call != null; call = waiting.poll()) {
                ready.send(call);
            }
        }

        @Override
        public void answered() {
            failures = 0;
        }

        @Override
        public void closed(TransportException why) {
            connection = null;
            failures++;
            failWaiting(why);
        }
    }
}
