package io.leat.broker.share;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a member reads, so that it need not say so with every request, and what it may hold records
 * of. Guarded by its own monitor.
 */
final class ShareSession {
    private final Key key;
    private final Set<SharePartitionId> partitions = new LinkedHashSet<>();
    private final Set<SharePartitionId> touched = new HashSet<>();
    private String connectionId;
    private int expectedEpoch = 1;
    private int rotation;

    /** A session's name: a member has one. */
    record Key(String groupId, String memberId) {}

    ShareSession(Key key, String connectionId) {
        this.key = key;
        this.connectionId = connectionId;
    }

    Key key() {
        return key;
    }

    synchronized String connectionId() {
        return connectionId;
    }

    synchronized void connectionId(String id) {
        connectionId = id;
    }

    /** Whether {@code epoch} is the next request's; then the one after it is awaited. */
    synchronized boolean advance(int epoch) {
        if (epoch != expectedEpoch) {
            return false;
        }
        expectedEpoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        return true;
    }

    synchronized void add(SharePartitionId id) {
        partitions.add(id);
        touched.add(id);
    }

    synchronized void forget(SharePartitionId id) {
        partitions.remove(id);
    }

    synchronized int size() {
        return partitions.size();
    }

    synchronized boolean has(SharePartitionId id) {
        return touched.contains(id);
    }

    /** What there is to read, beginning with another partition each time. */
    synchronized List<SharePartitionId> targets() {
        List<SharePartitionId> targets = new ArrayList<>(partitions);
        if (!targets.isEmpty()) {
            rotation = (rotation + 1) % targets.size();
            Collections.rotate(targets, -rotation);
        }
        return targets;
    }

    /** Every partition whose records the member may hold. */
    synchronized Set<SharePartitionId> touched() {
        return Set.copyOf(touched);
    }
}
