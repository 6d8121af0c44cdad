package io.leat.broker.api.fetch;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchRequest.FetchPartition;
import io.leat.wire.message.FetchRequest.FetchTopic;
import io.leat.wire.message.FetchRequest.ForgottenTopic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What the broker remembers of a consumer's fetches, so that the consumer need not repeat the
 * partitions that stay as they are, nor the broker those that did not move (KIP-227).
 *
 * <p>Guarded by its own monitor; the cache's fields are guarded by the cache's.
 */
final class FetchSession {
    /** The epoch of the request that follows the one that made the session. */
    private static final int FIRST_EPOCH = 1;

    private final int id;
    private final boolean namesTopicsById;
    private final SequencedMap<FetchTarget.Key, Remembered> partitions = new LinkedHashMap<>();
    private int expectedEpoch = FIRST_EPOCH;

    // The cache's.
    final long createdMillis;
    long usedMillis;
    int cachedSize;

    private static final class Remembered {
        private FetchTarget target;
        private long highWatermark;
        private long logStart;

        private Remembered(FetchTarget target) {
            this.target = target;
            this.highWatermark = -1;
            this.logStart = -1;
        }
    }

    FetchSession(int id, boolean namesTopicsById, long nowMillis) {
        this.id = id;
        this.namesTopicsById = namesTopicsById;
        this.createdMillis = nowMillis;
        this.usedMillis = nowMillis;
    }

    int id() {
        return id;
    }

    boolean namesTopicsById() {
        return namesTopicsById;
    }

    synchronized int size() {
        return partitions.size();
    }

    /** Takes over the results of the full fetch that made the session. */
    synchronized void fill(List<FetchResult> results) {
        for (FetchResult result : results) {
            partitions.put(result.target().key(), new Remembered(result.target()));
            include(result);
        }
    }

    /** Whether {@code epoch} is the next request's; then the one after it is awaited. */
    synchronized boolean advance(int epoch) {
        if (epoch != expectedEpoch) {
            return false;
        }
        expectedEpoch = epoch == Integer.MAX_VALUE ? FIRST_EPOCH : epoch + 1;
        return true;
    }

    /** Applies an incremental request, and says what there is to read now. */
    synchronized List<FetchTarget> update(FetchRequest request) {
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                FetchTarget target = FetchTarget.of(topic, partition);
                Remembered known = partitions.get(target.key());
                if (known == null) {
                    partitions.put(target.key(), new Remembered(target));
                } else {
                    known.target = target;
                }
            }
        }
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                partitions.remove(new FetchTarget.Key(topic.topic(), topic.topicId(), partition));
            }
        }
        List<FetchTarget> targets = new ArrayList<>(partitions.size());
        partitions.values().forEach(remembered -> targets.add(remembered.target));
        return targets;
    }

    /** Those results that tell the consumer something new; remembers that it was told. */
    synchronized List<FetchResult> changed(List<FetchResult> results) {
        List<FetchResult> changed = new ArrayList<>();
        for (FetchResult result : results) {
            if (include(result)) {
                changed.add(result);
            }
        }
        return changed;
    }

    private boolean include(FetchResult result) {
        FetchTarget.Key key = result.target().key();
        Remembered remembered = partitions.get(key);
        if (remembered == null) {
            return true;
        }
        boolean failed = result.error() != ErrorCode.NONE;
        boolean moved =
                remembered.highWatermark != result.highWatermark()
                        || remembered.logStart != result.logStart();
        // After an error -1, which no partition has: when it goes away, that is told.
        remembered.highWatermark = failed ? -1 : result.highWatermark();
        remembered.logStart = failed ? -1 : result.logStart();
        if (result.sizeBytes() > 0) {
            // To the end, so that the others come first next time.
            partitions.putLast(key, remembered);
            return true;
        }
        return failed || moved;
    }
}
