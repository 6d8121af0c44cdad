package io.leat.storage.local;

import io.leat.storage.api.Damage;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.StorageObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a log is at the moment, shared by its callers, its lane and group commit.
 *
 * <p>What readers see is one immutable {@link LogView}, replaced as the log moves. A log whose
 * files end where its checkpoint says sleeps after it was opened: it knows its bounds, and looks
 * for its files, and for indexes and producers that a crash left behind, when first used.
 */
final class LogState {
    private static final Logger LOG = LoggerFactory.getLogger(LogState.class);

    private final LogId id;
    private final LogHome home;
    private final LogListener listener;
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private final AtomicBoolean healing = new AtomicBoolean();
    private volatile boolean fenced;
    private volatile Fence fence = Fence.NONE;
    // Whether the durable end is known exactly, or recovery, which would find it, has failed.
    private volatile boolean endKnown = true;
    private volatile LogConfig config;
    private volatile boolean closed;
    private volatile LogView view;
    private volatile boolean asleep = true;
    // Guarded by this: what recovery found, until the lane takes it.
    private LogRecovery.@Nullable Recovered recovered;
    // Guarded by this: the segments whose files are being replaced, and whether a trim waits.
    private @Nullable List<Segment> swapping;
    private boolean trimHeldUp;
    private final LongAdder retiredBytes = new LongAdder();

    LogState(LogId id, LogConfig config, LogListener listener, LogHome home) {
        this.id = id;
        this.config = config;
        this.listener = listener;
        this.home = home;
        LogCheckpoint checkpoint = home.entry().checkpoint();
        this.view =
                new LogView(
                        List.of(), checkpoint.bounds(), checkpoint.durable(), checkpoint.durable());
    }

    /** Finds the end that a crash has left, before anyone else knows the log. */
    void recoverAtStart() {
        try {
            settleSwap();
            LogCheckpoint checkpoint = home.entry().checkpoint();
            if (!LogRecovery.needless(home.pool(), home.directory(), checkpoint)) {
                recoverEnd();
            }
        } catch (DamagedLogException e) {
            fence(e);
        } catch (IOException | InternalError e) {
            // InternalError: a page of a mapping that the disk cannot give.
            endKnown = false;
            fail("%s cannot be opened: %s".formatted(home.directory(), Causes.text(e)));
        } catch (RuntimeException e) {
            // A bug, and no reason why the other logs should not be there.
            LOG.error("log {} cannot be opened", id, e);
            endKnown = false;
            fail("%s cannot be opened: internal error: %s".formatted(home.directory(), e));
        }
    }

    /** Finds the end of the log, which nobody writes to meanwhile. */
    void recoverEnd() throws IOException {
        LogRecovery.Recovered found = recover();
        synchronized (this) {
            LogPosition end = found.end();
            long logStart = view.bounds().logStart();
            long lastStable = found.producers().lastStable(end.offset());
            LogBounds bounds =
                    new LogBounds(
                            logStart, Math.max(logStart, lastStable), end.offset(), end.offset());
            view = new LogView(view.segments(), bounds, end, end);
            recovered = found;
        }
        endKnown = true;
    }

    /**
     * What was durable is not there: nothing is changed, nor tried again, as long as it is open.
     */
    void fence(DamagedLogException damage) {
        fenced = true;
        fail(id + " is damaged and fenced off: " + damage.getMessage());
    }

    /**
     * A part of the log is not as it was written: reads of it fail from now on. All else goes on,
     * appends too, since nothing that is written from now on depends on it.
     */
    void damaged(Damage damage) {
        synchronized (this) {
            Fence before = fence;
            fence = before.with(damage).from(view.bounds().logStart());
            if (fence.equals(before)) {
                return;
            }
        }
        LOG.error("log {}: {}; reads of them fail", id, damage);
        try {
            listener.damaged(id, damage);
        } catch (RuntimeException e) {
            LOG.error("a listener of log {} failed", id, e);
        }
    }

    /** What is known to be damaged. */
    Fence fence() {
        return fence;
    }

    /** What the lane needs to go on from the end of the log. */
    synchronized LogRecovery.Recovered recovered() throws IOException {
        LogRecovery.Recovered found = recovered;
        recovered = null;
        return found != null ? found : recover();
    }

    /** Whether recovery found what no checkpoint says yet. */
    synchronized boolean recoveryPending() {
        return recovered != null;
    }

    private synchronized LogRecovery.Recovered recover() throws IOException {
        settleSwap();
        // From here on files are cut and written. Who reads on has leases, or waits for the new
        // view: segments of the old one would open files as they were.
        asleep = true;
        view.segments().forEach(Segment::retire);
        LogRecovery.Recovered found = recoveryFrom(home.entry().checkpoint()).recover();
        // Behind it: a directory that is not there needs not be listed.
        disk().createDirectories(home.directory());
        view =
                new LogView(
                        withoutTrimmed(found.segments()),
                        view.bounds(),
                        view.durable(),
                        view.written());
        asleep = false;
        return found;
    }

    LogId id() {
        return id;
    }

    LogBounds bounds() {
        return view.bounds();
    }

    /** The view as it is, perhaps without segments as long as the log sleeps. */
    LogView view() {
        return view;
    }

    /** Frees files and mappings; what is leased stays until its lease ends. */
    void release() {
        List<Segment> segments;
        synchronized (this) {
            awaitSwap();
            segments = view.segments();
        }
        segments.forEach(Segment::retire);
        home.onClosed().accept(this);
    }

    /** The view, with its segments. */
    LogView awake() throws IOException {
        if (!asleep) {
            return view;
        }
        LogView woken = wake();
        noteMissingStart(woken);
        return woken;
    }

    /** What is missing between segments shows where it is read; before the first it shows here. */
    private void noteMissingStart(LogView woken) {
        LogBounds bounds = woken.bounds();
        long found =
                woken.segments().isEmpty()
                        ? bounds.durableEnd()
                        : Math.min(woken.segments().getFirst().baseOffset(), bounds.durableEnd());
        if (found > bounds.logStart()) {
            damaged(
                    new Damage(
                            bounds.logStart(),
                            found,
                            SegmentFiles.dataPath(home.directory(), bounds.logStart()).toString(),
                            "the segment is missing"));
        }
    }

    private synchronized LogView wake() throws IOException {
        if (asleep && failure() == null && !home.entry().checkpoint().indexesComplete()) {
            try {
                recovered = recover();
            } catch (DamagedLogException e) {
                fence(e);
            }
        }
        if (asleep) {
            settleSwap();
            List<Segment> segments = LogRecovery.segments(home.pool(), home.directory());
            if (!segments.isEmpty()) {
                restoreLast(segments.getLast());
            }
            view =
                    new LogView(
                            withoutTrimmed(segments),
                            view.bounds(),
                            view.durable(),
                            view.written());
            asleep = false;
        }
        return view;
    }

    /** Removes segments that a stop has left between a trim's checkpoint and their removal. */
    private List<Segment> withoutTrimmed(List<Segment> segments) {
        List<Segment> kept = new ArrayList<>(segments);
        while (isTrimmed(kept, view.bounds().logStart())) {
            Segment trimmed = kept.removeFirst();
            try {
                trimmed.delete();
            } catch (IOException e) {
                // Nobody reads it; the next start tries again.
                LOG.warn("{} is trimmed away and stays: {}", trimmed, e.toString());
            }
        }
        return List.copyOf(kept);
    }

    /** Whether the first of these segments may go. */
    private boolean isTrimmed(List<Segment> segments, long logStart) {
        return segments.size() > 1
                && segments.get(1).baseOffset() <= logStart
                && segments.getFirst().baseOffset() < indexedBase();
    }

    private void restoreLast(Segment last) throws IOException {
        LogCheckpoint checkpoint = home.entry().checkpoint();
        if (checkpoint.indexesComplete()) {
            last.maxTimestampMillis(checkpoint.indexed().maxTimestampMillis());
        }
        restoreAborted(last);
    }

    /** The last segment's aborted transactions are kept with the producers. */
    private void restoreAborted(Segment last) throws IOException {
        LogCheckpoint checkpoint = home.entry().checkpoint();
        LogPosition at = checkpoint.indexed().at();
        if (at.segmentBase() != last.baseOffset()) {
            return;
        }
        if (!checkpoint.producers()) {
            last.aborted(new AbortedIndex());
            return;
        }
        Path path = ProducerSnapshots.path(home.directory(), at.offset());
        ProducerSnapshots.readAborted(disk(), path).ifPresent(last::aborted);
    }

    /**
     * The lane goes on in a new segment. The log's end is where that begins from now on, so that no
     * position stands in a segment that may be rewritten.
     */
    synchronized void rolled(Segment fresh) {
        List<Segment> segments = new ArrayList<>(view.segments());
        if (!segments.isEmpty() && segments.getLast().baseOffset() == fresh.baseOffset()) {
            segments.removeLast(); // it was empty, and too small for what comes
        }
        segments.add(fresh);
        LogPosition start = LogPosition.startOf(fresh.baseOffset());
        assert start.offset() == view.written().offset();
        view = view.written(List.copyOf(segments), start);
        asleep = false;
    }

    /** The lane wrote up to {@code end}. */
    synchronized void written(LogPosition end) {
        view = view.written(view.segments(), end);
    }

    LogPosition written() {
        return view.written();
    }

    LogPosition durable() {
        return view.durable();
    }

    /**
     * Group commit forced up to {@code end}, where {@code lastStable} is the last stable offset.
     */
    synchronized LogBounds durable(LogPosition end, long lastStable) {
        view = view.durable(end, lastStable);
        return view.bounds();
    }

    /** The log starts at {@code logStart} now, durably: removes segments that end before it. */
    LogBounds trimmed(long logStart) throws IOException {
        wake();
        List<Segment> removed = new ArrayList<>();
        LogBounds bounds;
        synchronized (this) {
            List<Segment> kept = new ArrayList<>(view.segments());
            while (isTrimmed(kept, logStart)) {
                if (swapping != null && swapping.contains(kept.getFirst())) {
                    trimHeldUp = true;
                    break;
                }
                removed.add(kept.removeFirst());
            }
            view = view.logStart(logStart, List.copyOf(kept));
            bounds = view.bounds();
            fence = fence.from(logStart);
        }
        for (Segment segment : removed) {
            segment.retire(retiredBytes);
            segment.delete();
        }
        return bounds;
    }

    /** Where recovery would begin to walk: segments before are as good as sealed. */
    long indexedBase() {
        return home.entry().checkpoint().indexed().at().segmentBase();
    }

    /** Makes sure that a power cut does not take the checkpoint back. */
    void forceCheckpoint() throws IOException {
        home.checkpoints().force();
    }

    /** Bytes of segments that were taken out of the log and are still leased. */
    LongAdder retiredBytes() {
        return retiredBytes;
    }

    /**
     * The files of these segments are about to be replaced; nobody else touches them until {@link
     * #endSwap}. False where they are no longer what the log consists of.
     */
    synchronized boolean beginSwap(List<Segment> replaced) {
        int first = Collections.indexOfSubList(view.segments(), replaced);
        if (closed || failure() != null || swapping != null || first < 0) {
            return false;
        }
        swapping = replaced;
        return true;
    }

    /** {@code fresh} stands for the segments of {@link #beginSwap} from now on. */
    synchronized void replaced(List<Segment> replaced, Segment fresh) {
        List<Segment> segments = new ArrayList<>(view.segments());
        int first = Collections.indexOfSubList(segments, replaced);
        segments.subList(first, first + replaced.size()).clear();
        segments.add(first, fresh);
        view = view.written(List.copyOf(segments), view.written());
        swapping = List.of(fresh);
    }

    /** The files are replaced, or were left as they were. */
    void endSwap() {
        boolean trim;
        synchronized (this) {
            swapping = null;
            trim = trimHeldUp;
            trimHeldUp = false;
            notifyAll();
        }
        if (trim) {
            try {
                var _ = trimmed(view.bounds().logStart());
            } catch (IOException e) {
                LOG.warn("{}: trimmed segments stay until the next start: {}", id, e.toString());
            }
        }
    }

    /** Waits for a swap that runs, and finishes one that was cut short. */
    synchronized void settleSwap() throws IOException {
        awaitSwap();
        SegmentSwap.finish(disk(), home.directory());
    }

    /** Files change for a moment only, and whoever changes them needs nothing of who waits. */
    // The callers hold the monitor; threads of the store stop by message.
    @SuppressWarnings("GuardedBy")
    private void awaitSwap() {
        boolean interrupted = false;
        while (swapping != null) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why the log takes nothing any more; null while it does. */
    @Nullable String failure() {
        return failure.get();
    }

    /** A write or force failed: the log takes nothing until it was opened again from the disk. */
    void fail(String cause) {
        if (failure.compareAndSet(null, cause)) {
            LOG.error("log {} takes no appends until its disk works: {}", id, cause);
            tellFailed(cause);
        }
    }

    /**
     * Something failed, on a full disk or for want of file descriptors, that may be tried again at
     * any time, as the next append does: nothing that was written is in doubt.
     */
    void trouble(String cause) {
        if (trouble.getAndSet(cause) == null && failure() == null) {
            LOG.warn("log {} is in trouble: {}", id, cause);
            tellFailed(cause);
        }
    }

    private void tellFailed(String cause) {
        try {
            listener.failed(id, cause);
        } catch (RuntimeException e) {
            LOG.error("a listener of log {} failed", id, e);
        }
        home.healer().wake();
    }

    /** What {@link #trouble} was about works again. */
    void troubleOver() {
        if (trouble.get() != null && trouble.getAndSet(null) != null && failure() == null) {
            tellHealed();
        }
    }

    private void tellHealed() {
        LOG.info("log {} works again", id);
        try {
            listener.healed(id);
        } catch (RuntimeException e) {
            LOG.error("a listener of log {} failed", id, e);
        }
    }

    /** Begins to heal the log, if nobody does already; {@link #endHealing} has to follow. */
    boolean beginHealing() {
        return healing.compareAndSet(false, true);
    }

    void endHealing() {
        healing.set(false);
    }

    /** Whether the log needs to be healed, and can be. */
    boolean ailing() {
        return !closed && !fenced && (failure() != null || trouble.get() != null);
    }

    /** Whether the durable end is known, so that what is behind it can be cut off. */
    boolean endKnown() {
        return endKnown;
    }

    /**
     * Healing works on the files from segment {@code firstBase} up to the durable end: readers go
     * on with those that they know until {@link #healed}.
     */
    void keepOpen(long firstBase) throws IOException {
        LogView current = awake();
        for (Segment segment : current.segments()) {
            if (segment.baseOffset() >= firstBase && current.durableBytes(segment) > 0) {
                segment.keepOpen();
            }
        }
    }

    LogRecovery recoveryFrom(LogCheckpoint checkpoint) {
        return new LogRecovery(home.pool(), home.directory(), config, checkpoint, nowMillis());
    }

    /** The log was opened again from the disk, and goes on. Housekeeping, while it is failed. */
    void healed(LogRecovery.Recovered found) {
        List<Segment> old;
        LogBounds bounds;
        synchronized (this) {
            old = view.segments();
            LogPosition end = found.end();
            long logStart = view.bounds().logStart();
            long lastStable = found.producers().lastStable(end.offset());
            bounds =
                    new LogBounds(
                            logStart, Math.max(logStart, lastStable), end.offset(), end.offset());
            view = new LogView(withoutTrimmed(found.segments()), bounds, end, end);
            recovered = found;
            asleep = false;
        }
        // Not only closed: some were longer than what is left of them.
        old.forEach(Segment::retire);
        moved(bounds);
        goOn();
    }

    /** The log is as it should be: from now on it takes appends again. */
    void goOn() {
        trouble.set(null);
        if (failure.getAndSet(null) != null) {
            tellHealed();
        }
    }

    void moved(LogBounds bounds) {
        try {
            listener.moved(id, bounds);
        } catch (RuntimeException e) {
            LOG.error("a listener of log {} failed", id, e);
        }
    }

    /** Makes the directories above the log's own outlive a power cut. */
    void forceParents() throws IOException {
        for (SharedForce directory : home.above()) {
            directory.force();
        }
    }

    boolean closed() {
        return closed;
    }

    /** Marks the log as closed; false where it was already. */
    synchronized boolean beginClose() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    void reconfigure(LogConfig config) {
        this.config = config;
    }

    LogConfig config() {
        return config;
    }

    Disk disk() {
        return home.pool().disk();
    }

    OpenSegments pool() {
        return home.pool();
    }

    Path directory() {
        return home.directory();
    }

    LocalStoreSettings settings() {
        return home.settings();
    }

    StorageObserver observer() {
        return home.observer();
    }

    long nowMillis() {
        return home.settings().clock().millis();
    }
}
