package io.leat.compaction.cleaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.compaction.cleaning.CompactedLog.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a compacted log has to show, told from what was appended to it and when passes were made:
 * which records must be there, which must not, and which may be either way because a pass was cut
 * short.
 */
final class LogModel {
    /** A transaction, whose end is not known at first. */
    static final class Fate {
        private @Nullable Boolean committed;

        void end(boolean commits) {
            committed = commits;
        }

        boolean open() {
            return committed == null;
        }

        boolean aborted() {
            return Boolean.FALSE.equals(committed);
        }
    }

    /** A record that was appended. */
    private static final class Entry {
        private final Seen seen;
        private final long batchLast;
        private final Fate fate;
        // Of tombstones: when a pass may first have seen it, and when one has for certain.
        private long stampedFirst = Long.MAX_VALUE;
        private long stampedAtLast = Long.MAX_VALUE;
        private boolean mayBeExpired;
        private boolean mustBeExpired;

        Entry(Seen seen, long batchLast, Fate fate) {
            this.seen = seen;
            this.batchLast = batchLast;
            this.fate = fate;
        }
    }

    private final long retentionMillis;
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    // Before here all is clean; up to there a pass that was cut short may have worked.
    private long cleanEnd;
    private long touchedEnd;

    LogModel(long retentionMillis) {
        this.retentionMillis = retentionMillis;
    }

    void appended(List<Seen> records, long lastOffset, Fate fate) {
        records.forEach(seen -> entries.put(seen.offset(), new Entry(seen, lastOffset, fate)));
    }

    /** A pass over all before an offset begins, and may come to its end or not. */
    void passBegins(long end, long nowMillis) {
        touchedEnd = Math.max(touchedEnd, end);
        for (Entry entry : entries.headMap(touchedEnd).values()) {
            entry.mayBeExpired |= entry.stampedFirst <= nowMillis - retentionMillis;
            entry.stampedFirst = Math.min(entry.stampedFirst, nowMillis);
        }
    }

    /** The pass has come to its end. */
    void passEnded(long end, long nowMillis) {
        assertTrue(end <= touchedEnd, () -> end + " is behind " + touchedEnd);
        cleanEnd = Math.max(cleanEnd, end);
        for (Entry entry : entries.headMap(end).values()) {
            if (entry.batchLast < end) {
                entry.mustBeExpired |= entry.stampedAtLast <= nowMillis - retentionMillis;
                entry.stampedAtLast = Math.min(entry.stampedAtLast, nowMillis);
            }
        }
    }

    /** Where all is clean before. */
    long cleanEnd() {
        return cleanEnd;
    }

    /** Checks what consumers get. */
    void check(CompactedLog log) {
        long logStart = log.log.bounds().logStart();
        List<Seen> raw = log.records();
        checkOrder(raw);
        Set<Long> there = new HashSet<>();
        for (Seen seen : raw) {
            Entry entry = entries.get(seen.offset());
            assertTrue(entry != null && entry.seen.equals(seen), () -> "was not appended: " + seen);
            there.add(seen.offset());
        }
        Map<String, Long> latestClean = latest(cleanEnd);
        Map<String, Long> latestTouched = latest(touchedEnd);
        for (Entry entry : entries.tailMap(logStart).values()) {
            boolean present = there.contains(entry.seen.offset());
            if (mustBeThere(entry, latestTouched)) {
                assertTrue(present, () -> "is gone: " + entry.seen + this);
            }
            if (mustBeGone(entry, latestClean)) {
                assertFalse(present, () -> "is still there: " + entry.seen + this);
            }
        }
        checkCommitted(log, raw);
    }

    private static void checkOrder(List<Seen> raw) {
        long before = -1;
        for (Seen seen : raw) {
            assertTrue(seen.offset() > before, () -> "out of order: " + seen);
            before = seen.offset();
        }
    }

    /** The last offset of each key before an offset. */
    private Map<String, Long> latest(long end) {
        Map<String, Long> latest = new HashMap<>();
        for (Entry entry : entries.headMap(end).values()) {
            String key = entry.seen.key();
            if (key != null && !entry.fate.aborted()) {
                latest.put(key, entry.seen.offset());
            }
        }
        return latest;
    }

    private boolean mustBeThere(Entry entry, Map<String, Long> latestTouched) {
        Seen seen = entry.seen;
        if (seen.offset() >= touchedEnd) {
            return true;
        }
        if (seen.key() == null || entry.fate.aborted()) {
            return false;
        }
        boolean latest = latestTouched.getOrDefault(seen.key(), -1L) == seen.offset();
        return latest && (seen.value() != null || !entry.mayBeExpired);
    }

    private boolean mustBeGone(Entry entry, Map<String, Long> latestClean) {
        Seen seen = entry.seen;
        if (seen.offset() >= cleanEnd) {
            return false;
        }
        if (seen.key() == null) {
            return true;
        }
        if (entry.fate.aborted()) {
            return entry.batchLast < cleanEnd;
        }
        return latestClean.getOrDefault(seen.key(), -1L) > seen.offset()
                || (seen.value() == null && entry.mustBeExpired);
    }

    private void checkCommitted(CompactedLog log, List<Seen> raw) {
        long lastStable = log.log.bounds().lastStable();
        List<Seen> expected = new ArrayList<>();
        for (Seen seen : raw) {
            Entry entry = entries.get(seen.offset());
            if (entry != null && !entry.fate.aborted() && seen.offset() < lastStable) {
                assertFalse(entry.fate.open(), () -> "open before the last stable: " + seen);
                expected.add(seen);
            }
        }
        assertEquals(
                expected,
                log.committed().stream().filter(seen -> seen.offset() < lastStable).toList());
    }

    @Override
    public String toString() {
        return " (clean before %d, touched before %d)".formatted(cleanEnd, touchedEnd);
    }
}
