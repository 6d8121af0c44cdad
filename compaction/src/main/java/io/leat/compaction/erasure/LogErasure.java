package io.leat.compaction.erasure;

import io.leat.compaction.erasure.LogProgress.Pending;
import io.leat.compaction.erasure.LogProgress.Stage;
import io.leat.compaction.segment.SegmentCopy;
import io.leat.compaction.segment.SegmentReading;
import io.leat.compaction.segment.SegmentWalk;
import io.leat.storage.api.GrowingSegment;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.SealedSegments.Rewrite;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.RecordScan;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

/**
 * Erases all records of some keys from one log, as the package's documentation says. One thread at
 * a time; it blocks on the disk.
 */
public final class LogErasure {
    private final PartitionLog log;
    private final SealedSegments sealed;
    private final KeyMatcher keys;
    private final boolean leaveTombstones;
    private final ErasureJournal journal;
    private final InstantSource clock;
    private final SegmentReading reading;
    private final SegmentWalk walk;
    private final SegmentCopy copy;

    private LogProgress progress;
    private boolean sealedOnce;
    private boolean surveyed;
    // The offsets of tombstones that stay, by key.
    private final long[] keptTombstones;
    // No record of the keys is left before this offset.
    private long erasedEnd;

    /**
     * An erasure that begins or goes on.
     *
     * @param log where
     * @param keys what goes
     * @param leaveTombstones whether a tombstone of each key that is found stays behind
     * @param progress how far it was, as the journal was told last
     */
    public LogErasure(
            PartitionLog log,
            Collection<KeyHash> keys,
            boolean leaveTombstones,
            LogProgress progress,
            ErasureJournal journal,
            InstantSource clock) {
        this.log = log;
        this.sealed = log.sealed();
        this.keys = new KeyMatcher(keys);
        this.leaveTombstones = leaveTombstones;
        this.progress = progress;
        this.journal = journal;
        this.clock = clock;
        this.reading = new SegmentReading(log.id(), sealed, journal);
        this.walk = new SegmentWalk(sealed);
        this.copy = new SegmentCopy(sealed, reading, journal);
        this.keptTombstones = new long[this.keys.size()];
        Arrays.fill(keptTombstones, KeySurvey.NONE);
    }

    /**
     * Goes on as far as it can.
     *
     * @return how far it is: {@link Stage#DONE}, or {@link Stage#VERIFIED} while readers still hold
     *     files that were taken out of the log; then call again later
     * @throws StorageException when something is in the way, such as another rewrite, a full disk
     *     or damage: call again later, and it goes on where it was
     */
    public LogProgress run() {
        if (progress.stage() == Stage.ERASING) {
            seal();
            survey();
            erase();
            verify();
        }
        if (progress.stage() == Stage.VERIFIED && sealed.retiredBytes() == 0) {
            save(progress.done(), true);
        }
        return progress;
    }

    private void save(LogProgress next, boolean durably) {
        journal.save(next, durably);
        progress = next;
    }

    /** Sees to it that all records below the boundary lie in sealed segments. */
    private void seal() {
        // A tombstone from before a crash lies behind the boundary, and must be found.
        if (!sealedOnce && progress.boundary() > 0 && (leaveTombstones || !isListed())) {
            try {
                sealed.seal().join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof StorageException cause ? cause : e;
            }
            sealedOnce = true;
        }
        if (!isListed() && !isTrimmed()) {
            sealedOnce = false;
            throw new StorageException(
                    "%s is not sealed up to offset %d yet"
                            .formatted(log.id(), progress.boundary()));
        }
    }

    private boolean isListed() {
        List<SealedSegment> listed = sealed.list();
        return !listed.isEmpty() && listed.getLast().endOffset() >= progress.boundary();
    }

    /** Whether all segments below the boundary were taken out of the log. */
    private boolean isTrimmed() {
        long growingBase = sealed.growing().map(GrowingSegment::baseOffset).orElse(Long.MAX_VALUE);
        return sealed.list().isEmpty()
                && log.bounds().logStart() >= progress.boundary()
                && growingBase >= progress.boundary();
    }

    private void survey() {
        if (!leaveTombstones || surveyed) {
            return;
        }
        KeySurvey survey = new KeySurvey(keys, progress.boundary());
        walk.each(0, Long.MAX_VALUE, segment -> reading.batches(segment, survey::take));
        // What is appended before a failure must be found when this is tried again.
        sealedOnce = false;
        OptionalLong undecided = survey.end();
        if (undecided.isPresent()) {
            throw new StorageException(
                    "a key was written to %s again, at offset %d, in a transaction that is open"
                            .formatted(log.id(), undecided.getAsLong()));
        }
        Tombstones.append(log, survey.missingTombstones(), clock.millis());
        System.arraycopy(survey.keptTombstones(), 0, keptTombstones, 0, keptTombstones.length);
        if (survey.tombstones() > 0) {
            // After a crash in between, the segments no longer tell for which keys there were any.
            int before = progress.tombstonesLeft();
            save(progress.leaving(Math.max(before, survey.tombstones())), true);
        }
        surveyed = true;
    }

    private void erase() {
        progress.pending().ifPresent(this::settle);
        walk.each(
                erasedEnd,
                progress.boundary(),
                segment -> {
                    if (count(segment).matching > 0) {
                        rewrite(segment);
                    }
                    erasedEnd = segment.endOffset();
                });
    }

    /** Finds out whether a rewrite that was about to be committed was. */
    private void settle(Pending pending) {
        Counts counts = new Counts();
        walk.each(pending.baseOffset(), pending.endOffset(), one -> counts.add(count(one)));
        save(counts.matching == 0 ? progress.committed() : progress.dropped(), false);
    }

    private void rewrite(SealedSegment segment) {
        try (Rewrite rewrite = sealed.rewrite(List.of(segment))) {
            ErasureFilter filter = new ErasureFilter(record -> !goes(record));
            copy.copy(List.of(segment), rewrite, filter);
            long dropped = filter.dropped();
            long freedBytes = segment.sizeBytes() - rewrite.sizeBytes();
            save(
                    progress.committing(
                            new Pending(
                                    segment.baseOffset(),
                                    segment.endOffset(),
                                    dropped,
                                    freedBytes)),
                    true);
            SealedSegment _ = rewrite.commit();
        }
        save(progress.committed(), false);
    }

    private void verify() {
        Counts counts = new Counts();
        walk.each(0, progress.boundary(), segment -> counts.add(count(segment)));
        if (counts.matching > 0) {
            erasedEnd = 0;
            throw new StorageException(
                    "%d records of the keys were found in %s after they had been removed"
                            .formatted(counts.matching, log.id()));
        }
        save(progress.verified(counts.all), true);
    }

    private Counts count(SealedSegment segment) {
        Counts counts = new Counts();
        reading.records(
                segment,
                record -> {
                    counts.all++;
                    counts.matching += goes(record) ? 1 : 0;
                });
        return counts;
    }

    private boolean goes(RecordScan record) {
        if (record.offset() >= progress.boundary()) {
            return false;
        }
        int key = keys.match(record);
        return key != KeyMatcher.NO_MATCH && record.offset() != keptTombstones[key];
    }

    /** Records that were read. */
    private static final class Counts {
        private long all;
        private long matching;

        void add(Counts other) {
            all += other.all;
            matching += other.matching;
        }
    }
}
