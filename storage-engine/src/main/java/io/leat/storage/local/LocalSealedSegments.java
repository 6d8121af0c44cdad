package io.leat.storage.local;

import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.Damage;
import io.leat.storage.api.GrowingSegment;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.ProducerTraces;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sealed segments of one log: those before the one in which recovery would begin to walk. What
 * recovery walks over must be as it was written.
 */
final class LocalSealedSegments implements SealedSegments {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSealedSegments.class);

    private final SegmentedLog lane;
    private final LogState log;
    // Guarded by this.
    private @Nullable SegmentRewrite running;

    /**
     * @param lane what is done by the one who writes
     */
    LocalSealedSegments(SegmentedLog lane, LogState log) {
        this.lane = lane;
        this.log = log;
    }

    @Override
    public List<SealedSegment> list() {
        try {
            LogView view = log.awake();
            List<SealedSegment> sealed = new ArrayList<>();
            for (int i = 0; i < view.segments().size(); i++) {
                Segment segment = view.segments().get(i);
                long endOffset = endOffset(view, i);
                if (endOffset > log.indexedBase()) {
                    break;
                }
                sealed.add(
                        new SealedSegment(
                                segment.baseOffset(),
                                endOffset,
                                segment.sizeBytes(),
                                segment.maxTimestampMillis()));
            }
            return sealed;
        } catch (Segment.GoneException e) {
            // Taken out of the log since the view was.
            return log.closed() ? List.of() : list();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Where a segment ends. The last one may be sealed too: after healing no segment grows before
     * the next append, and the log ends where recovery would begin.
     */
    private long endOffset(LogView view, int i) {
        if (i + 1 < view.segments().size()) {
            return view.segments().get(i + 1).baseOffset();
        }
        long indexedBase = log.indexedBase();
        return view.segments().get(i).baseOffset() < indexedBase ? indexedBase : Long.MAX_VALUE;
    }

    @Override
    public Optional<GrowingSegment> growing() {
        try {
            LogView view = log.awake();
            if (view.segments().isEmpty()
                    || view.segments().getLast().baseOffset() < log.indexedBase()) {
                return Optional.empty();
            }
            Segment last = view.segments().getLast();
            return Optional.of(
                    new GrowingSegment(
                            last.baseOffset(),
                            view.bounds().writtenEnd(),
                            last.sizeBytes(),
                            last.maxTimestampMillis()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public long retiredBytes() {
        return log.retiredBytes().sum();
    }

    @Override
    public CompletableFuture<Void> seal() {
        return lane.seal();
    }

    @Override
    public List<Damage> damages() {
        return log.fence().damages();
    }

    @Override
    public List<Damage> scrub(SealedSegment segment, IntConsumer pace) {
        try {
            Segment found = find(log.awake(), segment);
            List<Damage> damages =
                    new SegmentScrub(log.disk(), found, segment.endOffset()).run(pace);
            if (!log.view().segments().contains(found)) {
                // Another file took its place, perhaps while it was read.
                return List.of();
            }
            damages.forEach(log::damaged);
            return damages;
        } catch (Segment.GoneException e) {
            return List.of();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public LogSlice read(SealedSegment segment) {
        Optional<Damage> damage = log.fence().within(segment.baseOffset(), segment.endOffset());
        if (damage.isPresent()) {
            throw new StorageException(log.id() + ": " + damage.get());
        }
        try {
            Segment found = find(log.awake(), segment);
            if (found.sizeBytes() == 0) {
                return SegmentSlice.EMPTY;
            }
            SegmentFiles files = found.lease();
            return new SegmentSlice(files, 0, found.sizeBytes());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public List<AbortedTransaction> aborted(long from, long to) {
        try {
            return new LogReader(log.awake(), log.fence(), log::damaged).aborted(from, to);
        } catch (Segment.GoneException e) {
            return log.closed() ? List.of() : aborted(from, to);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public ProducerTraces traces() {
        return lane.traces();
    }

    @Override
    public Rewrite rewrite(List<SealedSegment> replaced) {
        if (replaced.isEmpty()) {
            throw new IllegalArgumentException("nothing to rewrite");
        }
        try {
            // From now on the log's directory is not looked through again.
            lane.load();
            // A checkpoint that a power cut could take back does not make a segment sealed.
            log.forceCheckpoint();
            LogView view = log.awake();
            List<Segment> segments = new ArrayList<>();
            for (SealedSegment one : replaced) {
                segments.add(find(view, one));
            }
            SealedSegment first = replaced.getFirst();
            long endOffset = requireNeighbours(replaced);
            if (endOffset > log.indexedBase()
                    || endOffset - first.baseOffset() > Integer.MAX_VALUE) {
                throw new StorageException(
                        "%s to %d of %s cannot become one segment"
                                .formatted(first, endOffset, log.id()));
            }
            return begin(segments, endOffset);
        } catch (IOException e) {
            throw unreadable(e);
        } catch (CompletionException e) {
            throw new StorageException(log.id() + " cannot be rewritten: " + e.getMessage(), e);
        }
    }

    private synchronized SegmentRewrite begin(List<Segment> segments, long endOffset)
            throws IOException {
        if (running != null) {
            throw new StorageException("another rewrite of " + log.id() + " runs");
        }
        SegmentRewrite rewrite = SegmentRewrite.begin(log, this, segments, endOffset);
        running = rewrite;
        return rewrite;
    }

    private static long requireNeighbours(List<SealedSegment> replaced) {
        long next = replaced.getFirst().baseOffset();
        for (SealedSegment one : replaced) {
            if (one.baseOffset() != next) {
                throw new StorageException("no sealed segment of those given ends at " + next);
            }
            next = one.endOffset();
        }
        return next;
    }

    private Segment find(LogView view, SealedSegment wanted) {
        int i = view.segmentOf(wanted.baseOffset());
        if (i < 0
                || view.segments().get(i).baseOffset() != wanted.baseOffset()
                || endOffset(view, i) != wanted.endOffset()) {
            throw new StorageException(
                    "%s has no segment from %d to %d any more"
                            .formatted(log.id(), wanted.baseOffset(), wanted.endOffset()));
        }
        return view.segments().get(i);
    }

    /**
     * Puts a rewrite's segment in the place of the old ones.
     *
     * @return true
     * @throws IOException when nothing has changed
     * @throws StorageException when nothing has changed, or the log has failed
     */
    boolean replace(SegmentRewrite rewrite) throws IOException {
        if (!log.beginSwap(rewrite.replaced())) {
            throw new StorageException(
                    log.id() + " is closed or failed, or was trimmed while it was rewritten");
        }
        try {
            SegmentSwap swap = rewrite.swap();
            swap.commit();
            Segment fresh = rewrite.fresh();
            log.replaced(rewrite.replaced(), fresh);
            rewrite.replaced().forEach(segment -> segment.retire(log.retiredBytes()));
            try {
                swap.complete();
            } catch (IOException e) {
                log.fail("%s cannot be written: %s".formatted(log.directory(), e.getMessage()));
                throw rewrite.failed(e);
            }
            keepAborted(fresh, rewrite.aborted());
            fresh.unload();
            return true;
        } finally {
            log.endSwap();
        }
    }

    private static void keepAborted(Segment fresh, AbortedIndex aborted) {
        try {
            fresh.keepAborted(aborted);
        } catch (IOException e) {
            // It is known as long as the log is open, and made anew afterwards.
            LOG.warn("aborted transactions of {} are not kept: {}", fresh, e.toString());
        }
    }

    /** A rewrite is over, committed or not. */
    synchronized void ended(SegmentRewrite rewrite) {
        if (running == rewrite) {
            running = null;
            if (log.closed()) {
                // Whoever opens the log again clears the workshop, and may use it by now.
                return;
            }
            try {
                SegmentSwap.clearWorkshop(log.disk(), log.directory());
            } catch (IOException e) {
                // The next rewrite, or the next start, clears it.
                LOG.warn("{}: {}", log.directory(), e.toString());
            }
        }
    }

    private StorageException unreadable(IOException e) {
        return new StorageException(log.id() + " cannot be read: " + e.getMessage(), e);
    }
}
