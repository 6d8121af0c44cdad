package io.leat.broker.api;

import io.leat.storage.api.LogSlice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lifetime of one request, from its frame to the last byte of its reply.
 *
 * <p>A handler that puts leased bytes into its reply hands the lease over here; it ends when the
 * reply is written, or when it becomes clear that it never will be. A handler that waits may ask to
 * be told that nobody waits for it any more.
 *
 * <p>Any thread may call any method.
 */
public final class RequestScope {
    private @Nullable List<LogSlice> leases;
    private @Nullable Runnable onCancel;
    private volatile int throttleMillis;
    private boolean cancelled;
    private boolean ended;
    private volatile boolean last;

    /** Closes {@code lease} when the reply is on its way, or at once when the scope has ended. */
    public void hold(LogSlice lease) {
        synchronized (this) {
            if (!ended) {
                if (leases == null) {
                    leases = new ArrayList<>();
                }
                leases.add(lease);
                return;
            }
        }
        lease.close();
    }

    /**
     * Runs {@code action} once if the connection dies before the request is answered, at once if it
     * has. The stage must still be completed. A later call replaces the action.
     */
    public void onCancel(Runnable action) {
        synchronized (this) {
            onCancel = action;
            if (!cancelled) {
                return;
            }
        }
        action.run();
    }

    /** The connection closes when the reply is written. */
    public void closeAfterReply() {
        last = true;
    }

    /** Whether the connection closes when the reply is written. */
    public boolean closesAfterReply() {
        return last;
    }

    /**
     * Asks that the client, once answered, is not listened to for a while (KIP-219). Of several the
     * longest holds.
     */
    public synchronized void throttle(long millis) {
        throttleMillis = Math.clamp(millis, throttleMillis, Integer.MAX_VALUE);
    }

    /** For how long the client is not listened to once it is answered. */
    public int throttleMillis() {
        return throttleMillis;
    }

    /** The connection is gone: tells a waiting handler. Called by the network. */
    public void cancel() {
        Runnable action;
        synchronized (this) {
            if (cancelled || ended) {
                return;
            }
            cancelled = true;
            action = onCancel;
        }
        if (action != null) {
            action.run();
        }
    }

    /**
     * The reply is written or will never be: ends all leases. Called by the network. Idempotent.
     */
    public void end() {
        List<LogSlice> held;
        synchronized (this) {
            ended = true;
            held = leases;
            leases = null;
            onCancel = null;
        }
        if (held != null) {
            held.forEach(LogSlice::close);
        }
    }
}
