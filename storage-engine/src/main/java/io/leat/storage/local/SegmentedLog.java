package io.leat.storage.local;

import io.leat.storage.api.ActiveProducer;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogDetails;
import io.leat.storage.api.LogId;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ProducerTraces;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.TimedOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** A log of rolling segment files, as its callers know it. */
final class SegmentedLog implements PartitionLog {
    private final LogState state;
    private final AppendLane lane;
    private final Workers workers;
    private final LogCommit commit;
    private final LogWriter writer;
    private final LocalSealedSegments sealed;

    SegmentedLog(LogState state, LogHome home) {
        this.state = state;
        this.lane = home.lane();
        this.workers = home.workers();
        this.commit = new LogCommit(state, home);
        this.writer = new LogWriter(state, commit);
        this.sealed = new LocalSealedSegments(this, state);
    }

    @Override
    public LogId id() {
        return state.id();
    }

    @Override
    public LogBounds bounds() {
        return state.bounds();
    }

    @Override
    public CompletableFuture<AppendOutcome> append(ByteBuffer batch, Durability durability) {
        PendingAppend append = new PendingAppend(writer, batch, durability);
        if (state.closed()) {
            append.refuse(Refusal.CLOSED, id() + " is closed");
        } else if (!lane.offer(append)) {
            writer.missed(batch);
            append.refuse(Refusal.OVERLOADED, "too many appends are waiting");
        }
        return append.future();
    }

    @Override
    public CompletableFuture<ReadOutcome> read(
            long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation) {
        return CompletableFuture.completedFuture(
                readNow(offset, maxBytes, atLeastOneBatch, isolation));
    }

    private ReadOutcome readNow(
            long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation) {
        if (state.closed()) {
            return new ReadOutcome.Closed();
        }
        try {
            return inView(current -> {
                LogBounds bounds = current.bounds();
                if (offset < bounds.logStart() || offset > bounds.writtenEnd()) {
                    return state.endKnown() || offset < bounds.logStart()
                            ? new ReadOutcome.OutOfRange(bounds)
                            : new ReadOutcome.Failed(id() + " is not recovered yet");
                }
                return new LogReader(current, state.fence(), state::damaged)
                        .read(offset, maxBytes, atLeastOneBatch, isolation);
            });
        } catch (DamageException e) {
            state.damaged(e.damage());
            return new ReadOutcome.Failed(id() + ": " + e.getMessage());
        } catch (IOException | RuntimeException | InternalError e) {
            // InternalError: a page of a mapping that the disk cannot give.
            return state.closed()
                    ? new ReadOutcome.Closed()
                    : new ReadOutcome.Failed(id() + " cannot be read: " + e.getMessage());
        }
    }

    @Override
    public CompletableFuture<Optional<TimedOffset>> offsetForTime(long timestampMillis) {
        return lookUp(reader -> reader.offsetForTime(timestampMillis));
    }

    @Override
    public CompletableFuture<Optional<TimedOffset>> maxTimestamp() {
        return lookUp(LogReader::maxTimestamp);
    }

    private interface Look<T> {
        T at(LogView view) throws IOException;
    }

    /** Looks at the view, and at a newer one where a segment was taken out of it meanwhile. */
    private <T> T inView(Look<T> look) throws IOException {
        LogView current = state.awake();
        while (true) {
            try {
                return look.at(current);
            } catch (Segment.GoneException e) {
                LogView newer = state.awake();
                if (state.closed() || newer.segments().equals(current.segments())) {
                    throw e;
                }
                current = newer;
            }
        }
    }

    /** What readers see now. */
    LogView view() throws IOException {
        return state.awake();
    }

    private interface LookUp {
        Optional<TimedOffset> in(LogReader reader) throws IOException;
    }

    private CompletableFuture<Optional<TimedOffset>> lookUp(LookUp lookUp) {
        if (state.closed()) {
            return CompletableFuture.failedFuture(new StorageException(id() + " is closed"));
        }
        try {
            return CompletableFuture.completedFuture(
                    inView(current ->
                            lookUp.in(new LogReader(current, state.fence(), state::damaged))));
        } catch (DamageException e) {
            state.damaged(e.damage());
            return CompletableFuture.failedFuture(
                    new StorageException(id() + ": " + e.getMessage(), e));
        } catch (IOException | RuntimeException | InternalError e) {
            return CompletableFuture.failedFuture(
                    new StorageException(id() + " cannot be read: " + e.getMessage(), e));
        }
    }

    @Override
    public CompletableFuture<LogBounds> trim(long logStart) {
        CompletableFuture<LogBounds> future = new CompletableFuture<>();
        if (state.closed()) {
            future.completeExceptionally(new StorageException(id() + " is closed"));
        } else {
            commit.trim(logStart, future);
        }
        return future;
    }

    @Override
    public CompletableFuture<List<ActiveProducer>> producers() {
        CompletableFuture<List<ActiveProducer>> future = new CompletableFuture<>();
        if (state.closed()) {
            future.completeExceptionally(new StorageException(id() + " is closed"));
        } else if (!lane.offer(new ListProducers(writer, future))) {
            future.completeExceptionally(new StorageException("too many appends are waiting"));
        }
        return future;
    }

    private record ListProducers(LogWriter writer, CompletableFuture<List<ActiveProducer>> future)
            implements AppendLane.Task {
        @Override
        public int sizeBytes() {
            return 0;
        }

        @Override
        public void run() {
            try {
                future.complete(writer.producers());
            } catch (IOException e) {
                abandon("%s cannot be read: %s".formatted(writer, e.getMessage()));
            }
        }

        @Override
        public void abandon(String cause) {
            future.completeExceptionally(new StorageException(cause));
        }
    }

    @Override
    public SealedSegments sealed() {
        return sealed;
    }

    /** As {@link SealedSegments#seal}. */
    CompletableFuture<Void> seal() {
        return onLane(writer::seal);
    }

    /** Returns once the lane knows the log's end, so that its files are not looked for again. */
    void load() {
        CompletableFuture<Void> loaded = onLane(writer::load);
        workers.await(loaded);
        join(loaded);
    }

    /** As {@link SealedSegments#traces}. */
    ProducerTraces traces() {
        CompletableFuture<ProducerTraces> traces =
                onLane(future -> {
                    try {
                        future.complete(writer.traces());
                    } catch (IOException e) {
                        future.completeExceptionally(
                                new StorageException(
                                        "%s cannot be read: %s".formatted(writer, e.getMessage()),
                                        e));
                    }
                });
        workers.await(traces);
        return join(traces);
    }

    private static <T> T join(CompletableFuture<T> done) {
        try {
            return done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StorageException cause ? cause : e;
        }
    }

    private <T> CompletableFuture<T> onLane(Consumer<CompletableFuture<T>> work) {
        LaneWork<T> task = new LaneWork<>(writer, work, new CompletableFuture<>());
        if (state.closed() || !lane.offer(task)) {
            task.abandon(id() + (state.closed() ? " is closed" : ": too many appends are waiting"));
        }
        return task.future;
    }

    private record LaneWork<T>(
            LogWriter writer, Consumer<CompletableFuture<T>> work, CompletableFuture<T> future)
            implements AppendLane.Task {
        @Override
        public int sizeBytes() {
            return 0;
        }

        @Override
        public void run() {
            work.accept(future);
        }

        @Override
        public void abandon(String cause) {
            future.completeExceptionally(new StorageException(cause));
        }
    }

    @Override
    public LogDetails details() {
        try {
            LogView current = state.closed() ? state.view() : state.awake();
            return new LogDetails(
                    current.sizeBytes(), current.segments().size(), writer.producerCount());
        } catch (IOException e) {
            throw new StorageException(id() + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void reconfigure(LogConfig config) {
        state.reconfigure(config);
    }

    @Override
    public void close() {
        beginClose();
        workers.await(commit.closed());
    }

    /** Lets the lane and then group commit finish; {@link #close} waits for it. */
    void beginClose() {
        if (!state.beginClose()) {
            return;
        }
        lane.insist(new CloseTask(writer));
    }

    /** Whether it does not work as it should, and may be healed. */
    boolean ailing() {
        return state.ailing();
    }

    /**
     * The disk works again: opens the log again from it, if it failed. Returns before that is done.
     */
    void heal() {
        state.troubleOver();
        if (state.failure() != null && state.beginHealing()) {
            HealTask task = new HealTask(state, writer);
            if (!lane.offer(task)) {
                // The queue is full: the next attempt is soon enough.
                state.endHealing();
            }
        }
    }

    private record HealTask(LogState state, LogWriter writer) implements AppendLane.Task {
        @Override
        public int sizeBytes() {
            return 0;
        }

        @Override
        public void run() {
            writer.beginHeal();
        }

        @Override
        public void abandon(String cause) {
            state.endHealing();
        }
    }

    private record CloseTask(LogWriter writer) implements AppendLane.Task {
        @Override
        public int sizeBytes() {
            return 0;
        }

        @Override
        public void run() {
            writer.close();
        }

        @Override
        public void abandon(String cause) {
            writer.abandon();
        }
    }
}
