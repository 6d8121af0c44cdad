package io.leat.broker.share;

import io.leat.broker.api.ClientConnection;
import io.leat.wire.ErrorCode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The share sessions of all members. One ends when its member says so, is gone from its group, or
 * loses its connection; then its records are released.
 *
 * <p>Any thread; guarded by its own monitor.
 */
final class ShareSessions {
    static final int OPENING_EPOCH = 0;
    static final int FINAL_EPOCH = -1;

    private final int sessionsMax;
    private final Consumer<ShareSession> ended;
    private final Map<ShareSession.Key, ShareSession> sessions = new HashMap<>();
    private final Map<String, Set<ShareSession.Key>> byConnection = new HashMap<>();

    /** What became of a request for a session. */
    sealed interface Entry {
        /** The request is part of it. */
        record Admitted(ShareSession session) implements Entry {}

        /** The session is not what the member believes. */
        record Refused(ErrorCode error) implements Entry {}
    }

    /**
     * @param sessionsMax how many there may be
     * @param ended told of each that ended, after that
     */
    ShareSessions(int sessionsMax, Consumer<ShareSession> ended) {
        this.sessionsMax = sessionsMax;
        this.ended = ended;
    }

    synchronized int size() {
        return sessions.size();
    }

    /** Takes a request into its session, and makes the session where the request opens it. */
    Entry enter(ShareSession.Key key, int epoch, ClientConnection connection) {
        boolean fresh;
        Entry entry;
        synchronized (this) {
            entry =
                    epoch == OPENING_EPOCH
                            ? open(key, connection.id())
                            : resume(key, epoch, connection.id());
            fresh = entry instanceof Entry.Admitted && bind(key, connection.id());
        }
        if (fresh) {
            connection.closed().thenRun(() -> disconnected(connection.id()));
        }
        return entry;
    }

    private Entry open(ShareSession.Key key, String connectionId) {
        ShareSession before = sessions.get(key);
        if (before == null && sessions.size() >= sessionsMax) {
            return new Entry.Refused(ErrorCode.SHARE_SESSION_LIMIT_REACHED);
        }
        ShareSession session = new ShareSession(key, connectionId);
        if (before != null) {
            // The member still has what it took before, and may acknowledge it.
            before.touched().forEach(session::add);
            before.touched().forEach(session::forget);
            unbind(before);
        }
        sessions.put(key, session);
        return new Entry.Admitted(session);
    }

    private Entry resume(ShareSession.Key key, int epoch, String connectionId) {
        ShareSession session = sessions.get(key);
        if (session == null) {
            return new Entry.Refused(ErrorCode.SHARE_SESSION_NOT_FOUND);
        }
        if (epoch != FINAL_EPOCH && !session.advance(epoch)) {
            return new Entry.Refused(ErrorCode.INVALID_SHARE_SESSION_EPOCH);
        }
        if (!session.connectionId().equals(connectionId)) {
            unbind(session);
            session.connectionId(connectionId);
        }
        return new Entry.Admitted(session);
    }

    /** Whether the connection had no session before. */
    private boolean bind(ShareSession.Key key, String connectionId) {
        Set<ShareSession.Key> bound = byConnection.get(connectionId);
        if (bound == null) {
            bound = new HashSet<>();
            byConnection.put(connectionId, bound);
            bound.add(key);
            return true;
        }
        bound.add(key);
        return false;
    }

    private void unbind(ShareSession session) {
        Set<ShareSession.Key> bound = byConnection.get(session.connectionId());
        if (bound != null) {
            bound.remove(session.key());
        }
    }

    private void disconnected(String connectionId) {
        Set<ShareSession.Key> bound;
        synchronized (this) {
            bound = byConnection.remove(connectionId);
        }
        if (bound != null) {
            bound.forEach(this::end);
        }
    }

    /** Ends a session, if there is one. */
    void end(ShareSession.Key key) {
        Optional<ShareSession> removed;
        synchronized (this) {
            removed = Optional.ofNullable(sessions.remove(key));
            removed.ifPresent(this::unbind);
        }
        removed.ifPresent(ended);
    }
}
