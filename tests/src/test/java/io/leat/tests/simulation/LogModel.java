package io.leat.tests.simulation;

import io.leat.storage.api.LogBounds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What must be in a log, and what may be: kept in memory, by what callers were answered and what
 * they have seen. Every check throws an {@link AssertionError} that says what is wrong.
 */
final class LogModel {
    /** A record as a consumer sees it; markers have no value but what they say. */
    record Seen(
            long offset,
            long timestampMillis,
            @Nullable String key,
            @Nullable String value,
            boolean marker) {
        @Override
        public String toString() {
            return "%d: %s=%s at %d"
                    .formatted(
                            offset,
                            key,
                            value == null ? null : value.replaceAll("-+$", ""),
                            timestampMillis);
        }
    }

    /** Records of a key below an offset that go, or are gone. */
    private static final class Erased {
        private final String key;
        private long boundary;
        private final boolean tombstone;
        private boolean done;

        Erased(String key, long boundary, boolean tombstone) {
            this.key = key;
            this.boundary = boundary;
            this.tombstone = tombstone;
        }
    }

    // By offset: what was acknowledged as durable, or was seen.
    private final TreeMap<Long, Seen> known = new TreeMap<>();
    private final Map<String, Sent> sent = new HashMap<>();
    private final List<Erased> erasures = new ArrayList<>();
    private final boolean compacted;
    private long durableEnd;
    private long logStart;
    private long logStartMax;
    private long compactedTo;

    LogModel(boolean compacted) {
        this.compacted = compacted;
    }

    /** Whether the log's older records of a key may go. */
    boolean compacted() {
        return compacted;
    }

    /** Compaction may have worked on all below an offset. */
    void compacting(long end) {
        compactedTo = Math.max(compactedTo, end);
    }

    void sending(Sent batch) {
        batch.records.forEach(record -> sent.put(record.value(), batch));
    }

    /** A batch was acknowledged as durable. */
    void acknowledged(Sent batch, long baseOffset) {
        for (int i = 0; i < batch.records.size(); i++) {
            Sent.Made made = batch.records.get(i);
            long offset = baseOffset + i;
            know(new Seen(offset, made.timestampMillis(), made.key(), made.value(), false));
        }
        durableEnd = Math.max(durableEnd, baseOffset + batch.records.size());
    }

    /** A marker was acknowledged as durable. */
    void acknowledgedMarker(long offset) {
        durableEnd = Math.max(durableEnd, offset + 1);
    }

    private void know(Seen record) {
        Seen before = known.putIfAbsent(record.offset, record);
        if (before != null && !before.equals(record)) {
            throw new AssertionError(
                    "two records with one offset: %s, then %s".formatted(before, record));
        }
    }

    /** The log may start anywhere up to there once a call that is under way is carried out. */
    void trimming(long logStartMax) {
        this.logStartMax = Math.max(this.logStartMax, logStartMax);
    }

    void trimmed(long start) {
        if (start < logStart || start > logStartMax) {
            throw new AssertionError(
                    "trimmed to %d, not %d to %d".formatted(start, logStart, logStartMax));
        }
        logStart = start;
    }

    Object erasing(String key, long boundary, boolean tombstone) {
        Erased erased = new Erased(key, boundary, tombstone);
        erasures.add(erased);
        return erased;
    }

    void erased(Object erasure, long boundary) {
        Erased erased = (Erased) erasure;
        erased.boundary = boundary;
        erased.done = true;
    }

    /** What the log says of its bounds, at any time. */
    void check(LogBounds bounds) {
        require(
                bounds.durableEnd() >= durableEnd,
                "the durable end was %d, and is %d now",
                durableEnd,
                bounds.durableEnd());
        require(
                bounds.logStart() >= logStart
                        && bounds.logStart() <= Math.max(logStart, logStartMax),
                "the log starts at %d, not %d to %d",
                bounds.logStart(),
                logStart,
                logStartMax);
        durableEnd = bounds.durableEnd();
        logStart = bounds.logStart();
    }

    /**
     * What the log says of its bounds when nothing is under way: what may have been, is or is not.
     */
    void checkAtRest(LogBounds bounds) {
        check(bounds);
        logStartMax = logStart;
    }

    /**
     * All durable records, from the log's start to an end, in the order in which they were read.
     */
    void checkAll(List<Seen> found, long end) {
        Map<Long, Seen> byOffset = new HashMap<>();
        Set<String> values = new HashSet<>();
        for (Seen record : found) {
            require(byOffset.put(record.offset, record) == null, "twice: %s", record);
            checkSent(record);
            require(
                    record.value == null
                            || record.marker
                            || values.add(record.value)
                            || isPlain(record.value),
                    "the same again: %s",
                    record);
        }
        Map<String, Long> newest = newestByKey(found);
        for (Seen record : known.subMap(logStart, end).values()) {
            Seen there = byOffset.get(record.offset);
            require(
                    there != null ? there.equals(record) : mayBeGone(record, newest),
                    "%s is %s",
                    record,
                    there == null ? "gone" : there);
        }
        found.forEach(this::know);
    }

    private boolean isPlain(String value) {
        Sent batch = sent.get(value);
        return batch != null && batch.producer.kind == SimulatedProducer.Kind.PLAIN;
    }

    private static Map<String, Long> newestByKey(List<Seen> found) {
        return found.stream()
                .filter(record -> record.key != null && !record.marker)
                .collect(Collectors.toMap(r -> "" + r.key, Seen::offset, Math::max));
    }

    private void checkSent(Seen record) {
        if (record.marker) {
            return;
        }
        String value = record.value;
        boolean tombstone =
                value == null
                        && erasures.stream().anyMatch(e -> e.tombstone && e.key.equals(record.key));
        require(tombstone || (value != null && sent.containsKey(value)), "never sent: %s", record);
        for (Erased erased : erasures) {
            require(
                    !erased.done
                            || (erased.tombstone && record.value == null)
                            || record.offset >= erased.boundary
                            || !erased.key.equals(record.key),
                    "erased before %d, and there: %s",
                    erased.boundary,
                    record);
        }
    }

    private boolean mayBeGone(Seen record, Map<String, Long> newest) {
        boolean erased =
                erasures.stream()
                        .anyMatch(e -> e.key.equals(record.key) && record.offset < e.boundary);
        return erased || (compacted && compactionMayRemove(record, newest));
    }

    private boolean compactionMayRemove(Seen record, Map<String, Long> newest) {
        if (record.offset >= compactedTo) {
            return false;
        }
        if (record.marker || record.key == null || record.value == null) {
            return true;
        }
        Sent batch = sent.get(record.value);
        boolean aborted =
                batch != null && batch.transaction != null && !batch.transaction.committed();
        return aborted || newest.getOrDefault(record.key, -1L) > record.offset;
    }

    /** What a consumer of committed records got, up to the last stable offset. */
    void checkCommitted(List<Seen> visible, List<Seen> all, long lastStable) {
        Set<Long> offsets = visible.stream().map(Seen::offset).collect(Collectors.toSet());
        for (Seen record : all) {
            if (record.marker || record.offset >= lastStable) {
                continue;
            }
            Optional<Transaction> transaction = transactionOf(record);
            boolean shown = offsets.contains(record.offset);
            if (transaction.isEmpty()) {
                require(shown, "not shown to committed readers: %s", record);
                continue;
            }
            switch (transaction.get().state) {
                case COMMITTED, COMMITTING -> require(shown, "committed, not shown: %s", record);
                case ABORTED, ABORTING -> require(!shown, "aborted, and shown: %s", record);
                case OPEN -> throw new AssertionError("open, before the last stable: " + record);
            }
        }
    }

    private Optional<Transaction> transactionOf(Seen record) {
        Sent batch = record.value == null ? null : sent.get(record.value);
        return batch == null ? Optional.empty() : Optional.ofNullable(batch.transaction);
    }

    /** What a look-up by time has to find among the records of the log. */
    static OptionalLong firstFrom(List<Seen> all, long timestampMillis) {
        return all.stream()
                .filter(record -> record.timestampMillis >= timestampMillis)
                .mapToLong(Seen::offset)
                .findFirst();
    }

    @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotations are not on the class path
    private static void require(boolean condition, String message, @Nullable Object... arguments) {
        if (!condition) {
            throw new AssertionError(message.formatted(arguments));
        }
    }

    @Override
    public String toString() {
        return "start %d to %d, durable %d, known %s"
                .formatted(logStart, logStartMax, durableEnd, known.values());
    }
}
