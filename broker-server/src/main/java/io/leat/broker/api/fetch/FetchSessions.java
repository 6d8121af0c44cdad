package io.leat.broker.api.fetch;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchRequest.FetchPartition;
import io.leat.wire.message.FetchRequest.FetchTopic;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The fetch sessions (KIP-227), a bounded number of them. A new one takes the place of one that was
 * silent for {@value #SILENT_MILLIS} ms, or of a smaller one that had its turn for as long;
 * otherwise the fetch goes without, which costs bytes and nothing else. Any thread.
 */
public final class FetchSessions {
    static final long SILENT_MILLIS = 120_000;

    /** How many partitions all sessions may remember together. */
    static final int PARTITIONS_MAX = 1_000_000;

    private static final int NO_SESSION = 0;
    private static final int OPENING_EPOCH = 0;
    private static final int FINAL_EPOCH = -1;

    /** The first version that names topics by id. */
    static final int IDS_SINCE = 13;

    private final int slots;
    private final InstantSource clock;
    private final Map<Integer, FetchSession> sessions = new HashMap<>();
    private int cachedPartitions;

    /**
     * Makes an empty cache.
     *
     * @param slots how many sessions there may be; 0 for none
     */
    public FetchSessions(int slots, InstantSource clock) {
        this.slots = slots;
        this.clock = clock;
    }

    /** How many sessions there are. */
    public synchronized int size() {
        return sessions.size();
    }

    /** How many partitions they remember. */
    public synchronized int partitionCount() {
        return cachedPartitions;
    }

    FetchPlan plan(short version, FetchRequest request) {
        boolean byId = version >= IDS_SINCE;
        if (request.sessionEpoch() == FINAL_EPOCH || request.sessionEpoch() == OPENING_EPOCH) {
            remove(request.sessionId());
            List<FetchTarget> targets = targets(request);
            return request.sessionEpoch() == FINAL_EPOCH || targets.isEmpty()
                    ? new FetchPlan.Single(targets)
                    : new FetchPlan.Opening(targets, byId);
        }
        Optional<FetchSession> found = find(request.sessionId());
        if (found.isEmpty()) {
            return new FetchPlan.Refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        FetchSession session = found.get();
        if (session.namesTopicsById() != byId) {
            return new FetchPlan.Refused(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        if (!session.advance(request.sessionEpoch())) {
            return new FetchPlan.Refused(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        }
        List<FetchTarget> targets = session.update(request);
        if (targets.isEmpty()) {
            remove(session.id());
            return new FetchPlan.Single(targets);
        }
        if (!touch(session, targets.size())) {
            remove(session.id());
            return new FetchPlan.Refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        return new FetchPlan.Incremental(targets, session);
    }

    /** Begins a session with the results of its first fetch; 0 when there is no room for it. */
    int open(FetchPlan.Opening plan, List<FetchResult> results) {
        FetchSession session;
        synchronized (this) {
            if (results.size() > PARTITIONS_MAX - cachedPartitions || !makeRoom(results.size())) {
                return NO_SESSION;
            }
            session = new FetchSession(freshId(), plan.namesTopicsById(), clock.millis());
            session.cachedSize = results.size();
            cachedPartitions += results.size();
            sessions.put(session.id(), session);
        }
        session.fill(results);
        return session.id();
    }

    private synchronized Optional<FetchSession> find(int id) {
        return Optional.ofNullable(sessions.get(id));
    }

    private synchronized void remove(int id) {
        FetchSession removed = sessions.remove(id);
        if (removed != null) {
            cachedPartitions -= removed.cachedSize;
        }
    }

    /** Notes the use of a session and its new size; false when it has outgrown the bound. */
    private synchronized boolean touch(FetchSession session, int size) {
        session.usedMillis = clock.millis();
        if (sessions.get(session.id()) == session) {
            cachedPartitions += size - session.cachedSize;
            session.cachedSize = size;
        }
        return cachedPartitions <= PARTITIONS_MAX;
    }

    private boolean makeRoom(int size) {
        if (sessions.size() < slots) {
            return true;
        }
        long longAgo = clock.millis() - SILENT_MILLIS;
        Optional<FetchSession> leaving =
                sessions.values().stream()
                        .min(Comparator.comparingLong(session -> session.usedMillis))
                        .filter(session -> session.usedMillis <= longAgo);
        if (leaving.isEmpty()) {
            leaving =
                    sessions.values().stream()
                            .filter(session -> session.createdMillis <= longAgo)
                            .min(Comparator.comparingInt(session -> session.cachedSize))
                            .filter(session -> session.cachedSize < size);
        }
        leaving.ifPresent(session -> remove(session.id()));
        return leaving.isPresent();
    }

    private int freshId() {
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        return id;
    }

    private static List<FetchTarget> targets(FetchRequest request) {
        List<FetchTarget> targets = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                targets.add(FetchTarget.of(topic, partition));
            }
        }
        return targets;
    }
}
