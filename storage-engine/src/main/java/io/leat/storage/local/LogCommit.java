package io.leat.storage.local;

import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogBounds;
import io.leat.storage.local.LogHousekeeping.Checkpoint;
import io.leat.storage.local.LogHousekeeping.Close;
import io.leat.storage.local.LogHousekeeping.Seal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The forcing end of one log. The lane hands over what was written; once a turn has written all,
 * the lane itself or a thread of the group commit's crew ({@link ForceRound}) takes all that there
 * is by then, forces, moves the durable end, and answers. What nobody waits for goes on to {@link
 * LogHousekeeping}.
 *
 * <p>The monitor guards what is handed over and is never held over I/O or a callback.
 */
final class LogCommit implements ForceRound.Commit {
    private static final Logger LOG = LoggerFactory.getLogger(LogCommit.class);

    /** What was handed over since the last round. */
    private static final class Round {
        private final List<PendingAppend> appends = new ArrayList<>();
        private final List<SegmentWriter> sealed = new ArrayList<>();
        private final List<SegmentWriter> replaced = new ArrayList<>();
        private final List<Seal> seals = new ArrayList<>();
        private @Nullable SegmentWriter dirty;
        private @Nullable LogPosition written;
        private Optional<ReadyRoom.Made> room = Optional.empty();
        private long lastStable;
        private @Nullable Checkpoint checkpoint;
        private @Nullable Close close;
        private boolean fileMade;
        private boolean heal;
    }

    /** What makes the end of a round durable. */
    private interface Force {
        void run(Round round) throws IOException;
    }

    /** A round that is being forced together with those of other logs. */
    private record Together(
            Round round, DiskFile file, LogPosition from, LogPosition to, long startedNanos) {}

    private final LogState log;
    private final AppendLane lane;
    private final Workers.Crew groupCommit;
    private final CheckpointFile checkpoints;
    private final CheckpointFile.Entry entry;
    private final LogHousekeeping housekeeping;
    private Round next = new Round();
    // Whether the log is in line or being forced.
    private boolean submitted;
    private boolean arrived;

    // Used by the lane only: what goes along with the next hand-over.
    private final List<SegmentWriter> sealed = new ArrayList<>();
    private final List<SegmentWriter> replaced = new ArrayList<>();
    private final List<Seal> seals = new ArrayList<>();
    private @Nullable Checkpoint checkpoint;
    private boolean fileMade;
    private @Nullable Together together;

    // Used by the thread that forces only; the monitor orders one after the other.
    private boolean directoryDurable;

    LogCommit(LogState log, LogHome home) {
        this.log = log;
        this.lane = home.lane();
        this.groupCommit = home.groupCommit();
        this.checkpoints = home.checkpoints();
        this.entry = home.entry();
        this.housekeeping = new LogHousekeeping(log, home);
        this.directoryDurable = !entry.checkpoint().equals(LogCheckpoint.EMPTY);
    }

    /** Completes once the log is closed and all of its files are free. */
    CompletableFuture<Void> closed() {
        return housekeeping.closed();
    }

    /**
     * The lane wrote up to {@code end}; {@code answers} wait for it to be forced, some of them. All
     * that the lane said since the last time is handed over at once, so that no round sees a part.
     *
     * @param lastStable the last stable offset once {@code end} is durable
     */
    void written(
            @Nullable SegmentWriter writer,
            LogPosition end,
            long lastStable,
            List<PendingAppend> answers) {
        synchronized (this) {
            next.dirty = writer;
            next.written = end;
            next.room = writer == null ? Optional.empty() : writer.room().map(ReadyRoom::made);
            next.lastStable = lastStable;
            next.sealed.addAll(sealed);
            next.replaced.addAll(replaced);
            next.seals.addAll(seals);
            next.fileMade |= fileMade;
            if (checkpoint != null) {
                next.checkpoint = checkpoint;
            }
            for (PendingAppend answer : answers) {
                if (answer.durability() == Durability.FORCED) {
                    next.appends.add(answer);
                }
            }
        }
        sealed.clear();
        replaced.clear();
        seals.clear();
        fileMade = false;
        checkpoint = null;
        submit();
    }

    /** Lane: it goes on in a new segment; {@code old} is complete. */
    void rolled(SegmentWriter old, IndexedEnd newStart, @Nullable ByteBuffer producers) {
        sealed.add(old);
        checkpoint = new Checkpoint(newStart, producers);
    }

    /** Lane: it goes on in a new file in the place of this one, which is empty. */
    void replaced(SegmentWriter empty) {
        replaced.add(empty);
    }

    /** Lane: tell once recovery would walk from {@code endOffset} or behind, in a segment there. */
    void sealed(long endOffset, CompletableFuture<Void> future) {
        seals.add(new Seal(endOffset, future));
    }

    /** Lane: it is about to make the log's first file. */
    void reserve() throws IOException {
        entry.reserve();
    }

    /** Lane: it made a segment's files. */
    void fileMade() {
        fileMade = true;
    }

    /** Lane: indexes and producers are to be forced too. */
    void checkpoint(IndexedEnd indexed, @Nullable ByteBuffer producers) {
        checkpoint = new Checkpoint(indexed, producers);
    }

    void trim(long logStart, CompletableFuture<LogBounds> future) {
        housekeeping.trim(logStart, future);
    }

    /** Lane: it has let go of the log, which has failed. */
    void heal() {
        synchronized (this) {
            next.heal = true;
        }
        submit();
    }

    /** The lane is done with the log. */
    void close(@Nullable SegmentWriter writer, IndexedEnd indexed, @Nullable ByteBuffer producers) {
        synchronized (this) {
            next.close = new Close(writer, new Checkpoint(indexed, producers));
        }
        submit();
    }

    /** Lane. */
    private void submit() {
        synchronized (this) {
            arrived = true;
            if (submitted) {
                return;
            }
            submitted = true;
        }
        lane.afterWrites(this);
    }

    private synchronized Round take() {
        arrived = false;
        Round taken = next;
        next = new Round();
        return taken;
    }

    /** One round for this log. */
    @Override
    public void run() {
        commit(take(), this::force);
    }

    @Override
    public boolean overwrites() {
        synchronized (this) {
            SegmentWriter writer = next.dirty;
            LogPosition end = next.written;
            return writer != null
                    && end != null
                    && log.failure() == null
                    && !next.fileMade
                    && !next.heal
                    && next.close == null
                    && next.sealed.isEmpty()
                    && end.segmentBase() == log.durable().segmentBase()
                    && end.position() > log.durable().position()
                    && writer.room().isPresent()
                    && writer.room().get().covers(end.position());
        }
    }

    @Override
    public boolean begin() {
        Round round = take();
        long started = System.nanoTime();
        LogPosition from = log.durable();
        LogPosition to = Objects.requireNonNull(round.written);
        DiskFile file = Objects.requireNonNull(round.dirty).files().data();
        try {
            if (file.beginWriteOut(from.position(), to.position())) {
                together = new Together(round, file, from, to, started);
                return true;
            }
            commit(round, this::force);
        } catch (IOException | RuntimeException e) {
            commit(round, failed(e));
        }
        return false;
    }

    @Override
    public boolean awaitWritten() {
        Together part = Objects.requireNonNull(together);
        try {
            part.file.endWriteOut(part.from.position(), part.to.position());
            return true;
        } catch (IOException | RuntimeException e) {
            together = null;
            commit(part.round, failed(e));
            return false;
        }
    }

    @Override
    public void forceAll() throws IOException {
        Objects.requireNonNull(together).file.force();
    }

    @Override
    public void end(Optional<Exception> failure) {
        Together part = Objects.requireNonNull(together);
        together = null;
        Force done = round -> forced(round, part.to, part.startedNanos);
        commit(part.round, failure.map(LogCommit::failed).orElse(done));
    }

    private static Force failed(Exception cause) {
        return round -> {
            throw cause instanceof IOException io ? io : new IOException(cause);
        };
    }

    private void commit(Round round, Force force) {
        try {
            complete(round, force);
        } catch (RuntimeException | Error e) {
            LOG.error("log {} failed in group commit", log.id(), e);
            log.fail("internal error: " + e);
            complete(take(), this::force);
        } finally {
            boolean again;
            synchronized (this) {
                again = arrived;
                submitted = again;
            }
            if (again) {
                groupCommit.submit(this);
            }
        }
    }

    private void complete(Round round, Force force) {
        boolean forced = false;
        try {
            if (log.failure() == null) {
                force.run(round);
                forced = true;
            }
        } catch (IOException e) {
            log.fail("%s cannot be forced: %s".formatted(log.directory(), Causes.text(e)));
        } catch (RuntimeException | Error e) {
            LOG.error("log {} failed in group commit", log.id(), e);
            log.fail("internal error: " + e);
        }
        answer(round, forced);
        // Rounds before may have forced them.
        round.replaced.forEach(writer -> writer.segment().retire());
        if (!round.sealed.isEmpty() || round.checkpoint != null || !round.seals.isEmpty()) {
            housekeeping.forced(round.sealed, round.dirty, round.checkpoint, round.seals);
        }
        if (round.heal) {
            housekeeping.heal();
        }
        if (round.close != null) {
            housekeeping.close(round.close);
        }
    }

    private void force(Round round) throws IOException {
        if (round.fileMade) {
            forceDirectories();
        }
        LogPosition written = round.written;
        if (written == null || written.equals(log.durable())) {
            return;
        }
        long started = System.nanoTime();
        for (SegmentWriter sealed : round.sealed) {
            sealed.files().data().force();
        }
        if (round.dirty != null) {
            round.dirty.files().data().force();
            round.room.ifPresent(ReadyRoom.Made::forced);
        }
        forced(round, written, started);
    }

    private void forced(Round round, LogPosition end, long startedNanos) throws IOException {
        log.observer().forced(System.nanoTime() - startedNanos, round.appends.size());
        boolean first = entry.checkpoint().equals(LogCheckpoint.EMPTY);
        writeDurableEnd(end, round.lastStable, first);
        LogBounds bounds = log.durable(end, round.lastStable);
        log.moved(bounds);
    }

    private void writeDurableEnd(LogPosition end, long lastStable, boolean first)
            throws IOException {
        try {
            entry.update(before -> before.durableAtLeast(end, lastStable));
            if (first) {
                // From now on a missing file is known to be damage.
                checkpoints.force();
            }
        } catch (IOException e) {
            if (first || !log.disk().isFull(log.directory(), e)) {
                throw e;
            }
            // The entry before holds, if this file system needs space to write anew what is there.
            log.trouble("no checkpoint in %s: %s".formatted(log.directory(), Causes.text(e)));
        }
    }

    private void forceDirectories() throws IOException {
        log.disk().forceDirectory(log.directory());
        if (!directoryDurable) {
            log.forceParents();
            directoryDurable = true;
        }
    }

    private void answer(Round round, boolean forced) {
        for (PendingAppend append : round.appends) {
            if (forced) {
                append.complete();
            } else {
                String failure = log.failure();
                append.refuse(
                        Refusal.STORAGE_FAILED,
                        failure != null ? failure : log.directory() + " was not forced");
            }
        }
    }

    @Override
    public String toString() {
        return log.id().toString();
    }
}
