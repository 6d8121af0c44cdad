package io.leat.broker.network;

import io.leat.broker.api.PendingReply;
import io.leat.broker.api.Reply;
import io.leat.broker.api.RequestScope;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to its reply. Completed once by any thread, otherwise owned by the
 * connection's event loop.
 */
final class Exchange {
    private final int requestBytes;
    private final PendingReply pending;
    private volatile @Nullable Outcome outcome;

    /** How a request ended. */
    private record Outcome(@Nullable Reply reply, @Nullable Throwable error) {}

    Exchange(int requestBytes, PendingReply pending) {
        this.requestBytes = requestBytes;
        this.pending = pending;
    }

    /**
     * Waits for the reply.
     *
     * @param frame released as soon as nothing refers to it
     * @param onCompleted called once, by any thread, when {@link #completed} has turned true
     */
    void await(ByteBuf frame, Runnable onCompleted) {
        boolean pinned = pending.refersToFrame();
        if (!pinned) {
            frame.release();
        }
        pending.reply()
                .whenComplete((reply, error) -> {
                    if (pinned) {
                        frame.release();
                    }
                    outcome = new Outcome(reply, error);
                    onCompleted.run();
                });
    }

    boolean closesConnection() {
        return pending.scope().closesAfterReply();
    }

    int requestBytes() {
        return requestBytes;
    }

    /** For how long the client is not listened to once it is answered. */
    int throttleMillis() {
        return pending.scope().throttleMillis();
    }

    /** What is to end with the last byte of the reply. */
    RequestScope scope() {
        return pending.scope();
    }

    boolean completed() {
        return outcome != null;
    }

    /** Nobody waits any more. */
    void cancel() {
        pending.scope().cancel();
    }

    /** Ends what the request leased: the reply is sent or will never be. */
    void end() {
        pending.scope().end();
    }

    /** Ends it if it is completed; whether it is. */
    boolean endIfCompleted() {
        if (completed()) {
            end();
            return true;
        }
        return false;
    }

    /** Why the connection must close, once completed. */
    Optional<Throwable> failure() {
        Outcome ended = outcome;
        return ended == null ? Optional.empty() : Optional.ofNullable(ended.error());
    }

    /** What to send once completed; nothing when the client does not wait for it. */
    Optional<Reply> reply() {
        Outcome ended = outcome;
        return ended == null || !pending.expected()
                ? Optional.empty()
                : Optional.ofNullable(ended.reply());
    }
}
