package io.leat.compaction.erasure;

import io.leat.compaction.segment.SegmentReading;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordScan;
import io.leat.wire.record.TransactionMarker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Where in a log each of some keys was written last, and so what must be done for a tombstone to
 * stay behind:
 *
 * <pre>
 *   last record below the boundary   record behind it   what is done
 *   none                             whatever           nothing
 *   a value                          none               a tombstone is appended
 *   a tombstone                      none               that tombstone is kept
 *   any                              a value            nothing: consumers hear of the new value
 *   any                              a tombstone        nothing: it is there, perhaps appended
 *                                                       before a crash
 * </pre>
 *
 * <p>A record of an aborted transaction is none. One below the boundary whose transaction is open
 * counts as a value: a tombstone too many does no harm. With one behind it nobody knows yet what
 * must be done, since a tombstone would hide a value that is committed later; see {@link #end}.
 *
 * <p>One thread.
 */
final class KeySurvey {
    static final long NONE = -1;

    private final KeyMatcher keys;
    private final long boundary;
    private final Last last = new Last();
    // By producer, until its transaction ends.
    private final Map<Long, Last> open = new HashMap<>();

    KeySurvey(KeyMatcher keys, long boundary) {
        this.keys = keys;
        this.boundary = boundary;
    }

    /** A record of one of the keys. */
    private static final class Written {
        private final long offset;
        private final boolean hasValue;
        private final byte[] key;

        Written(long offset, boolean hasValue, byte[] key) {
            this.offset = offset;
            this.hasValue = hasValue;
            this.key = key;
        }

        Written later(Written other) {
            return other.offset >= offset ? other : this;
        }

        Written asValue() {
            return new Written(offset, true, key);
        }
    }

    /** The last record of each key on both sides of the boundary. */
    private static final class Last {
        private final Map<Integer, Written> below = new TreeMap<>();
        private final Map<Integer, Written> behind = new TreeMap<>();

        void add(Last later) {
            later.below.forEach((key, record) -> below.merge(key, record, Written::later));
            later.behind.forEach((key, record) -> behind.merge(key, record, Written::later));
        }
    }

    /** Looks at a batch. Those of a log come in their order; the same one may come twice. */
    void take(RecordBatch batch) {
        if (batch.isControl()) {
            TransactionMarker.of(batch).ifPresent(this::settle);
        } else if (SegmentReading.hasRecords(batch)) {
            Last to =
                    batch.isTransactional()
                            ? open.computeIfAbsent(batch.producerId(), id -> new Last())
                            : last;
            try (RecordScan scan = new RecordScan(batch, SegmentReading.INFLATED_BYTES_MAX)) {
                while (scan.hasNext()) {
                    scan.next();
                    take(scan, to);
                }
            }
        }
    }

    private void take(RecordScan record, Last to) {
        int key = keys.match(record);
        if (key == KeyMatcher.NO_MATCH) {
            return;
        }
        byte[] bytes = new byte[record.keySizeBytes()];
        record.keyBuffer().get(record.keyPosition(), bytes);
        Written written = new Written(record.offset(), record.hasValue(), bytes);
        (record.offset() < boundary ? to.below : to.behind).merge(key, written, Written::later);
    }

    private void settle(TransactionMarker marker) {
        Last ended = open.remove(marker.producerId());
        if (ended != null && marker.committed()) {
            last.add(ended);
        }
    }

    /**
     * To be called when all was taken, before what was found is asked for.
     *
     * @return the offset of a record behind the boundary on whose transaction it depends what must
     *     be done, if there is one; then nothing must be asked for
     */
    OptionalLong end() {
        for (Last each : open.values()) {
            each.below.forEach(
                    (key, record) -> last.below.merge(key, record.asValue(), Written::later));
        }
        return open.values().stream()
                .flatMap(each -> each.behind.entrySet().stream())
                .filter(each -> needsTombstone(each.getKey()))
                .mapToLong(each -> each.getValue().offset)
                .min();
    }

    /** Whether the key was written below the boundary and not behind it. */
    private boolean needsTombstone(int key) {
        return last.below.containsKey(key) && !last.behind.containsKey(key);
    }

    /** The keys that need a tombstone. */
    List<byte[]> missingTombstones() {
        List<byte[]> missing = new ArrayList<>();
        last.below.forEach((key, record) -> {
            if (record.hasValue && needsTombstone(key)) {
                missing.add(record.key);
            }
        });
        return missing;
    }

    /** For each key the offset of the tombstone below the boundary that stays, or {@link #NONE}. */
    long[] keptTombstones() {
        long[] kept = new long[keys.size()];
        Arrays.fill(kept, NONE);
        last.below.forEach((key, record) -> {
            if (!record.hasValue && needsTombstone(key)) {
                kept[key] = record.offset;
            }
        });
        return kept;
    }

    /** How many keys have a tombstone as their last record once the missing ones are appended. */
    int tombstones() {
        int count = 0;
        for (int key : last.below.keySet()) {
            Written behind = last.behind.get(key);
            count += behind == null || !behind.hasValue ? 1 : 0;
        }
        return count;
    }
}
