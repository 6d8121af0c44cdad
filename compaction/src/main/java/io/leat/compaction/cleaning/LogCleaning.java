package io.leat.compaction.cleaning;

import io.leat.compaction.cleaning.CleaningFilter.Removed;
import io.leat.compaction.segment.BatchFilter.Fate;
import io.leat.compaction.segment.KeyDigest;
import io.leat.compaction.segment.SegmentCopy;
import io.leat.compaction.segment.SegmentReading;
import io.leat.compaction.segment.Supervisor;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.SealedSegments.Rewrite;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordScan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * One pass of compaction over one log, as the package's documentation says. One thread, once; it
 * blocks on the disk.
 *
 * <pre>
 *   Dirt dirt = LogCleaning.survey(log, policy, point, nowMillis);
 *   CleaningReport report = LogCleaning.clean(log, policy, dirt, memory, nowMillis, supervisor);
 *   point = report.reached();
 * </pre>
 */
public final class LogCleaning {
    private final SealedSegments sealed;
    private final CleaningPolicy policy;
    private final Memory memory;
    private final long nowMillis;
    private final Counting supervisor;
    private final SegmentReading reading;
    private final SegmentCopy copy;
    private final Removed removed = new Removed();

    /**
     * What the map of keys may take.
     *
     * @param bytesMax the most that it may take, outside the heap
     * @param loadFactor how full it may become, between 0 and 1
     */
    public record Memory(long bytesMax, double loadFactor) {
        /** Kafka's defaults. */
        public static final Memory DEFAULT = new Memory(128L << 20, 0.9);
    }

    private LogCleaning(
            PartitionLog log,
            CleaningPolicy policy,
            Memory memory,
            long nowMillis,
            Supervisor supervisor) {
        this.sealed = log.sealed();
        this.policy = policy;
        this.memory = memory;
        this.nowMillis = nowMillis;
        this.supervisor = new Counting(supervisor);
        this.reading = new SegmentReading(log.id(), sealed, this.supervisor);
        this.copy = new SegmentCopy(sealed, reading, this.supervisor);
    }

    /**
     * Looks how dirty a log is; seals the segment that grows first, where its records become too
     * old for {@code max.compaction.lag.ms} otherwise.
     *
     * @throws StorageException when the disk fails, or the log is closed
     */
    public static Dirt survey(
            PartitionLog log, CleaningPolicy policy, CleanPoint point, long nowMillis) {
        Dirt dirt = Dirt.of(log, policy, point, nowMillis);
        if (!dirt.sealFirst(policy, nowMillis)) {
            return dirt;
        }
        try {
            log.sealed().seal().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StorageException cause ? cause : e;
        }
        return Dirt.of(log, policy, point, nowMillis);
    }

    /**
     * Makes a pass, whether it is due or not.
     *
     * @param log a compacted topic's; it works on
     * @param dirt what is to be cleaned, as a look at it just found
     * @return what was done; the caller keeps {@link CleaningReport#reached}
     * @throws StorageException when it had to stop, because the disk fails, the log is damaged,
     *     closed, trimmed meanwhile, or being rewritten by others, or the supervisor said so. What
     *     was done until then is done; a pass from the same point goes on
     */
    public static CleaningReport clean(
            PartitionLog log,
            CleaningPolicy policy,
            Dirt dirt,
            Memory memory,
            long nowMillis,
            Supervisor supervisor) {
        return new LogCleaning(log, policy, memory, nowMillis, supervisor).pass(dirt);
    }

    private CleaningReport pass(Dirt dirt) {
        long from = dirt.firstDirty();
        long to = dirt.cleanableEnd();
        // Before anything is read: what a producer adds afterwards is behind all that is cleaned.
        var traces = sealed.traces();
        try (OffsetMap map = OffsetMap.of(to - from, memory.bytesMax(), memory.loadFactor())) {
            long coveredEnd = fill(map, from, to);
            List<SealedSegment> before = sealedBefore(coveredEnd);
            long horizon = plus(nowMillis, policy.deleteRetentionMillis());
            rewrite(before, new CleaningFilter.Pass(map, coveredEnd, traces, nowMillis, horizon));
            merge(coveredEnd);
            List<SealedSegment> after = sealedBefore(coveredEnd);
            return new CleaningReport(
                    new CleanPoint(coveredEnd, removed.nextHorizonMillis),
                    coveredEnd == to,
                    map.size(),
                    removed.records,
                    removed.tombstones,
                    removed.keyless,
                    supervisor.bytesRead,
                    supervisor.bytesWritten,
                    bytes(before) - bytes(after),
                    before.size(),
                    after.size());
        }
    }

    private static long plus(long millis, long more) {
        return more > Long.MAX_VALUE - millis ? Long.MAX_VALUE : millis + more;
    }

    private static long bytes(List<SealedSegment> segments) {
        return segments.stream().mapToLong(SealedSegment::sizeBytes).sum();
    }

    private List<SealedSegment> sealedBefore(long offset) {
        return sealed.list().stream().filter(one -> one.baseOffset() < offset).toList();
    }

    /** Maps the keys from one offset to another, and returns where the map was full. */
    private long fill(OffsetMap map, long from, long to) {
        if (from >= to) {
            return from;
        }
        TransactionTrail trail = new TransactionTrail();
        trail.expect(sealed.aborted(from, to));
        Filling filling = new Filling(map, trail, from, to);
        for (SealedSegment segment : sealedBefore(to)) {
            if (segment.endOffset() > from && !reading.whileTrue(segment, filling::take)) {
                break;
            }
        }
        return filling.coveredEnd;
    }

    /** Puts the keys of batches into the map. */
    private static final class Filling {
        private final OffsetMap map;
        private final TransactionTrail trail;
        private final long from;
        private final KeyDigest digest = new KeyDigest();
        private long coveredEnd;

        Filling(OffsetMap map, TransactionTrail trail, long from, long to) {
            this.map = map;
            this.trail = trail;
            this.from = from;
            this.coveredEnd = to;
        }

        /** Whether the map took them all. */
        boolean take(RecordBatch batch) {
            if (batch.isControl()) {
                trail.passMarker(batch);
                return true;
            }
            if (trail.passData(batch) || batch.recordCount() == 0 || batch.lastOffset() < from) {
                return true;
            }
            try (RecordScan scan = new RecordScan(batch, SegmentReading.INFLATED_BYTES_MAX)) {
                while (scan.hasNext()) {
                    scan.next();
                    if (!take(scan)) {
                        coveredEnd = scan.offset();
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean take(RecordScan record) {
            if (!record.hasKey() || record.offset() < from) {
                return true;
            }
            digest.take(record);
            return map.put(digest, record.offset());
        }
    }

    private void rewrite(List<SealedSegment> segments, CleaningFilter.Pass pass) {
        TransactionTrail trail = new TransactionTrail();
        for (List<SealedSegment> group : SegmentGroups.of(segments, policy.segmentBytes())) {
            trail.expect(
                    sealed.aborted(group.getFirst().baseOffset(), group.getLast().endOffset()));
            trail = rewrite(group, pass, trail);
        }
    }

    /** Rewrites a group of segments into one, and returns where the transactions are behind it. */
    private TransactionTrail rewrite(
            List<SealedSegment> group, CleaningFilter.Pass pass, TransactionTrail before) {
        if (group.size() == 1) {
            TransactionTrail trail = before.copy();
            Removed left = new Removed();
            CleaningFilter filter = new CleaningFilter(pass, trail, left);
            if (!copy.changes(group.getFirst(), filter)) {
                removed.add(left);
                return trail;
            }
        }
        try (Rewrite rewrite = sealed.rewrite(group)) {
            Removed gone = new Removed();
            copy.copy(group, rewrite, new CleaningFilter(pass, before, gone));
            SealedSegment _ = rewrite.commit();
            removed.add(gone);
        }
        return before;
    }

    /** Puts together what has become small. */
    private void merge(long end) {
        for (List<SealedSegment> group :
                SegmentGroups.of(whole(sealedBefore(end), end), policy.segmentBytes())) {
            if (group.size() > 1) {
                try (Rewrite rewrite = sealed.rewrite(group)) {
                    copy.copy(group, rewrite, LogCleaning::unlessEmpty);
                    SealedSegment _ = rewrite.commit();
                }
            }
        }
    }

    /** Those that the pass has cleaned to their end. */
    private static List<SealedSegment> whole(List<SealedSegment> segments, long end) {
        List<SealedSegment> whole = new ArrayList<>(segments);
        whole.removeIf(segment -> segment.endOffset() > end);
        return whole;
    }

    /** An empty batch that only kept the place of a segment's end is not needed any more. */
    private static Fate unlessEmpty(RecordBatch batch, boolean last) {
        boolean needless = batch.recordCount() == 0 && !batch.hasProducer() && !last;
        return needless ? Fate.Goes.GOES : Fate.Stays.STAYS;
    }

    /** Counts, and passes on. */
    private static final class Counting implements Supervisor {
        private final Supervisor supervisor;
        private long bytesRead;
        private long bytesWritten;

        Counting(Supervisor supervisor) {
            this.supervisor = supervisor;
        }

        @Override
        public void read(long bytes) {
            bytesRead += bytes;
            supervisor.read(bytes);
        }

        @Override
        public void written(long bytes) {
            bytesWritten += bytes;
            supervisor.written(bytes);
        }

        @Override
        public boolean stopped() {
            return supervisor.stopped();
        }
    }
}
