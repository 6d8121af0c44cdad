package io.leat.storage.local;

import io.leat.storage.api.LogBounds;
import io.leat.storage.api.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for one log beside its acknowledgements, which wait for none of it: indexes of
 * closed segments, checkpoints with snapshots of the producers, trims, healing, the end. One thread
 * of the crew at a time.
 *
 * <p>The monitor guards what is to be done and is never held over I/O or a callback.
 */
final class LogHousekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(LogHousekeeping.class);

    /**
     * A moment at which indexes and producers are to be forced too.
     *
     * @param producers as of {@code indexed}; null where there are none
     */
    record Checkpoint(IndexedEnd indexed, @Nullable ByteBuffer producers) {}

    private record Trim(long logStart, CompletableFuture<LogBounds> future) {}

    /** All up to the end is to be in segments that no longer grow. */
    record Seal(long endOffset, CompletableFuture<Void> future) {}

    /** The end of a log; without a writer there is nothing to be kept. */
    record Close(@Nullable SegmentWriter writer, Checkpoint last) {}

    /** What came together since the last turn. */
    private static final class Chores {
        private final List<SegmentWriter> sealed = new ArrayList<>();
        private final List<Trim> trims = new ArrayList<>();
        private final List<Seal> seals = new ArrayList<>();
        private @Nullable SegmentWriter dirty;
        private @Nullable Checkpoint checkpoint;
        private boolean heal;
        private @Nullable Close close;
    }

    private final LogState log;
    private final Workers.Crew crew;
    private final CheckpointFile checkpoints;
    private final CheckpointFile.Entry entry;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    // Guarded by this.
    private Chores next = new Chores();
    private boolean submitted;
    private boolean arrived;

    LogHousekeeping(LogState log, LogHome home) {
        this.log = log;
        this.crew = home.groupCommit();
        this.checkpoints = home.checkpoints();
        this.entry = home.entry();
    }

    /** Completes once the log is closed and all of its files are free. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    /**
     * Segments were closed, or a checkpoint is due; what either covers is forced.
     *
     * @param dirty the segment that grows
     * @param seals answered once that is done
     */
    void forced(
            List<SegmentWriter> sealed,
            @Nullable SegmentWriter dirty,
            @Nullable Checkpoint checkpoint,
            List<Seal> seals) {
        synchronized (this) {
            next.sealed.addAll(sealed);
            next.seals.addAll(seals);
            if (checkpoint != null) {
                next.checkpoint = checkpoint;
                next.dirty = dirty;
            }
        }
        submit();
    }

    void trim(long logStart, CompletableFuture<LogBounds> future) {
        synchronized (this) {
            next.trims.add(new Trim(logStart, future));
        }
        submit();
    }

    /** The log has failed, and the lane has let go of it: open it again from the disk. */
    void heal() {
        synchronized (this) {
            next.heal = true;
        }
        submit();
    }

    /** Nothing comes after this. */
    void close(Close close) {
        synchronized (this) {
            next.close = close;
        }
        submit();
    }

    private void submit() {
        synchronized (this) {
            arrived = true;
            if (submitted) {
                return;
            }
            submitted = true;
        }
        crew.submit(this::work);
    }

    private synchronized Chores take() {
        arrived = false;
        Chores taken = next;
        next = new Chores();
        return taken;
    }

    private void work() {
        try {
            work(take());
        } finally {
            boolean again;
            synchronized (this) {
                again = arrived;
                submitted = again;
            }
            if (again) {
                crew.submit(this::work);
            }
        }
    }

    private void work(Chores chores) {
        try {
            if (log.failure() == null) {
                closeSegments(chores);
                keepCheckpoint(chores);
            }
        } catch (IOException e) {
            failed(e, chores);
        } catch (RuntimeException | Error e) {
            LOG.error("log {} failed in housekeeping", log.id(), e);
            log.fail("internal error: " + e);
        }
        if (chores.heal) {
            tryToHeal();
            log.endHealing();
        }
        answerSeals(chores);
        trim(chores);
        close(chores);
    }

    private void tryToHeal() {
        try {
            // All logs share them, and the first one that heals does it for all.
            checkpoints.heal();
            if (log.endKnown()) {
                healToDurable();
            } else {
                log.recoverEnd();
                log.goOn();
            }
        } catch (DamagedLogException e) {
            log.fence(e);
        } catch (IOException e) {
            LOG.info("log {} cannot be healed yet: {}", log.id(), Causes.text(e));
        } catch (RuntimeException | Error e) {
            LOG.error("log {} failed while it was healed", log.id(), e);
        }
    }

    private void healToDurable() throws IOException {
        log.settleSwap();
        // The entry is written after the force: it may know more than anyone was told.
        LogCheckpoint durable = entry.checkpoint().durableAtLeast(log.view());
        log.keepOpen(durable.indexed().at().segmentBase());
        LogHealing healing = new LogHealing(log.pool(), log.directory(), durable);
        LogHealing.Healed healed = healing.heal(log.recoveryFrom(durable));
        keep(new Checkpoint(healed.indexed(), healed.snapshot()));
        log.healed(healed.recovered());
    }

    private void answerSeals(Chores chores) {
        String failure = log.failure();
        for (Seal seal : chores.seals) {
            if (failure != null) {
                seal.future.completeExceptionally(new StorageException(failure));
            } else if (log.indexedBase() < seal.endOffset) {
                seal.future.completeExceptionally(
                        new StorageException(
                                log.id() + " is not sealed: no space for its checkpoint"));
            } else {
                seal.future.complete(null);
            }
        }
    }

    private void closeSegments(Chores chores) throws IOException {
        while (!chores.sealed.isEmpty()) {
            SegmentWriter sealed = chores.sealed.getFirst();
            sealed.files().offsets().file().trimAndForce();
            sealed.files().times().file().trimAndForce();
            sealed.segment().keepAborted(sealed.aborted());
            sealed.segment().unload();
            chores.sealed.removeFirst();
        }
    }

    private void keepCheckpoint(Chores chores) throws IOException {
        Checkpoint checkpoint = chores.checkpoint;
        if (checkpoint == null) {
            return;
        }
        SegmentWriter dirty = chores.dirty;
        LogPosition at = checkpoint.indexed.at();
        if (dirty != null && dirty.baseOffset() == at.segmentBase() && at.position() > 0) {
            dirty.files().offsets().file().force();
            dirty.files().times().file().force();
        }
        keep(checkpoint);
    }

    private void keep(Checkpoint checkpoint) throws IOException {
        long offset = checkpoint.indexed.at().offset();
        ByteBuffer producers = checkpoint.producers;
        if (producers != null) {
            ProducerSnapshots.write(
                    log.disk(), ProducerSnapshots.path(log.directory(), offset), producers);
        }
        log.disk().forceDirectory(log.directory());
        entry.update(before ->
                before.durableAtLeast(log.view()).indexed(checkpoint.indexed, producers != null));
        checkpoints.force();
        ProducerSnapshots.removeOthers(log.disk(), log.directory(), offset);
    }

    private void failed(IOException e, Chores chores) {
        if (log.disk().isFull(log.directory(), e) || Causes.beforeAnyWrite(e)) {
            // The checkpoint before holds; the next start reads a little more. Segments that could
            // not be closed hold descriptors: they come first when there is more to do.
            synchronized (this) {
                next.sealed.addAll(0, chores.sealed);
            }
            log.trouble("no checkpoint in %s: %s".formatted(log.directory(), Causes.text(e)));
        } else {
            log.fail("%s cannot be written: %s".formatted(log.directory(), Causes.text(e)));
        }
    }

    private void trim(Chores chores) {
        if (chores.trims.isEmpty()) {
            return;
        }
        try {
            if (closed.isDone()) {
                throw new IOException("it is closed");
            }
            LogBounds bounds = trim(chores.trims);
            for (Trim trim : chores.trims) {
                trim.future.complete(bounds);
            }
        } catch (IOException | RuntimeException | Error e) {
            StorageException failure =
                    new StorageException(
                            "%s cannot be trimmed: %s".formatted(log.id(), Causes.text(e)), e);
            for (Trim trim : chores.trims) {
                trim.future.completeExceptionally(failure);
            }
        }
    }

    private LogBounds trim(List<Trim> trims) throws IOException {
        LogBounds bounds = log.bounds();
        long wanted = bounds.logStart();
        for (Trim trim : trims) {
            wanted = Math.max(wanted, Math.min(trim.logStart, bounds.durableEnd()));
        }
        if (wanted == bounds.logStart()) {
            return bounds;
        }
        long logStart = wanted;
        entry.update(before -> before.durableAtLeast(log.view()).logStart(logStart));
        checkpoints.force();
        LogBounds trimmed = log.trimmed(logStart);
        log.moved(trimmed);
        return trimmed;
    }

    private void close(Chores chores) {
        Close close = chores.close;
        if (close == null) {
            return;
        }
        SegmentWriter writer = close.writer;
        try {
            if (writer != null && log.failure() == null && writer.cutRoom()) {
                writer.files().data().force();
            }
            if (writer != null
                    && log.failure() == null
                    && !close.last.indexed.equals(entry.checkpoint().indexed())) {
                writer.files().offsets().file().trimAndForce();
                writer.files().times().file().trimAndForce();
                keep(close.last);
            }
        } catch (IOException | RuntimeException | Error e) {
            // The next start has to look what there is.
            log.fail("%s: closed without a checkpoint: %s".formatted(log.id(), Causes.text(e)));
        } finally {
            log.release();
            closed.complete(null);
        }
    }

    @Override
    public String toString() {
        return log.id().toString();
    }
}
