package io.leat.storage.local;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogDetails;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.api.TimedOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log of rolling segment files.
 *
 * <p>What readers see is one immutable {@link LogView}, replaced as the log moves. A log whose
 * files end where its checkpoint says sleeps after it was opened: it knows its bounds, and looks
 * for its files, and for indexes and producers that a crash left behind, when first used.
 */
final class SegmentedLog implements PartitionLog {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentedLog.class);

    /**
     * What a log needs of its store.
     *
     * @param directory the log's own
     * @param above force the directories above that the store may have made for it
     * @param onClosed told once all is free
     */
    record Home(
            OpenSegments pool,
            Path directory,
            List<SharedForce> above,
            LocalStoreSettings settings,
            StorageObserver observer,
            AppendLane lane,
            Workers workers,
            Workers.Crew groupCommit,
            CheckpointFile checkpoints,
            CheckpointFile.Entry entry,
            Consumer<SegmentedLog> onClosed) {}

    private final LogId id;
    private final Home home;
    private final LogListener listener;
    private final LogWriter writer;
    private final LogCommit commit;
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private volatile LogConfig config;
    private volatile boolean closed;
    private volatile LogView view;
    private volatile boolean asleep = true;
    // Guarded by this: what recovery found, until the lane takes it.
    private LogRecovery.@Nullable Recovered recovered;

    SegmentedLog(LogId id, LogConfig config, LogListener listener, Home home) {
        this.id = id;
        this.config = config;
        this.listener = listener;
        this.home = home;
        this.commit = new LogCommit(this, home.groupCommit, home.checkpoints, home.entry);
        this.writer = new LogWriter(this, commit);
        LogCheckpoint checkpoint = home.entry.checkpoint();
        this.view =
                new LogView(
                        List.of(), checkpoint.bounds(), checkpoint.durable(), checkpoint.durable());
    }

    /** Finds the end that a crash has left, before anyone else knows the log. */
    void recoverNow() throws IOException {
        try {
            LogRecovery.Recovered found = recover();
            LogPosition end = found.end();
            LogBounds bounds = new LogBounds(view.bounds().logStart(), end.offset(), end.offset());
            view = new LogView(view.segments(), bounds, end, end);
            recovered = found;
        } catch (DamagedLogException e) {
            fence(e);
        }
    }

    private void fence(DamagedLogException damage) {
        fail(id + " is damaged and fenced off: " + damage.getMessage());
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
        disk().createDirectories(home.directory);
        LogRecovery.Recovered found =
                new LogRecovery(
                                home.pool,
                                home.directory,
                                config,
                                home.entry.checkpoint(),
                                nowMillis())
                        .recover();
        // The last segment is open for writing now; readers of what was open before have leases.
        List<Segment> old = view.segments();
        view =
                new LogView(
                        List.copyOf(found.segments()),
                        view.bounds(),
                        view.durable(),
                        view.written());
        asleep = false;
        old.forEach(Segment::unload);
        return found;
    }

    @Override
    public LogId id() {
        return id;
    }

    @Override
    public LogBounds bounds() {
        return view.bounds();
    }

    @Override
    public CompletableFuture<AppendOutcome> append(ByteBuffer batch, Durability durability) {
        PendingAppend append = new PendingAppend(writer, batch, durability);
        if (closed) {
            append.refuse(Refusal.CLOSED, id + " is closed");
        } else if (!home.lane.offer(append)) {
            append.refuse(Refusal.OVERLOADED, "too many appends are waiting");
        }
        return append.future();
    }

    @Override
    public CompletableFuture<ReadOutcome> read(long offset, int maxBytes, boolean atLeastOneBatch) {
        return CompletableFuture.completedFuture(readNow(offset, maxBytes, atLeastOneBatch));
    }

    private ReadOutcome readNow(long offset, int maxBytes, boolean atLeastOneBatch) {
        if (closed) {
            return new ReadOutcome.Closed();
        }
        try {
            LogView current = awake();
            LogBounds bounds = current.bounds();
            if (offset < bounds.logStart() || offset > bounds.durableEnd()) {
                return new ReadOutcome.OutOfRange(bounds);
            }
            return new LogReader(current).read(offset, maxBytes, atLeastOneBatch);
        } catch (IOException | RuntimeException | InternalError e) {
            // InternalError: a page of a mapping that the disk cannot give.
            return closed
                    ? new ReadOutcome.Closed()
                    : new ReadOutcome.Failed(id + " cannot be read: " + e.getMessage());
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

    private interface LookUp {
        Optional<TimedOffset> in(LogReader reader) throws IOException;
    }

    private CompletableFuture<Optional<TimedOffset>> lookUp(LookUp lookUp) {
        if (closed) {
            return CompletableFuture.failedFuture(new StorageException(id + " is closed"));
        }
        try {
            return CompletableFuture.completedFuture(lookUp.in(new LogReader(awake())));
        } catch (IOException | RuntimeException | InternalError e) {
            return CompletableFuture.failedFuture(
                    new StorageException(id + " cannot be read: " + e.getMessage(), e));
        }
    }

    @Override
    public CompletableFuture<LogBounds> trim(long logStart) {
        CompletableFuture<LogBounds> future = new CompletableFuture<>();
        if (closed) {
            future.completeExceptionally(new StorageException(id + " is closed"));
        } else {
            commit.trim(logStart, future);
        }
        return future;
    }

    @Override
    public LogDetails details() {
        try {
            LogView current = closed ? view : awake();
            return new LogDetails(
                    current.sizeBytes(), current.segments().size(), writer.producerCount());
        } catch (IOException e) {
            throw new StorageException(id + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void reconfigure(LogConfig config) {
        this.config = config;
    }

    @Override
    public void close() {
        beginClose();
        home.workers.await(commit.closed());
    }

    /** Lets the lane and then group commit finish; {@link #close} waits for it. */
    void beginClose() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        home.lane.insist(new CloseTask(writer));
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

    /** Frees files and mappings; what is leased stays until its lease ends. */
    void release() {
        List<Segment> segments;
        synchronized (this) {
            segments = view.segments();
        }
        segments.forEach(Segment::retire);
        home.onClosed.accept(this);
    }

    /** The view, with its segments. */
    private LogView awake() throws IOException {
        return asleep ? wake() : view;
    }

    private synchronized LogView wake() throws IOException {
        if (asleep && failure() == null && !home.entry.checkpoint().indexesComplete()) {
            try {
                recovered = recover();
            } catch (DamagedLogException e) {
                fence(e);
            }
        }
        if (asleep) {
            List<Segment> segments = LogRecovery.segments(home.pool, home.directory);
            view =
                    new LogView(
                            List.copyOf(segments), view.bounds(), view.durable(), view.written());
            asleep = false;
        }
        return view;
    }

    /** The lane goes on in a new segment. */
    synchronized void rolled(Segment fresh) {
        List<Segment> segments = new ArrayList<>(view.segments());
        segments.add(fresh);
        view = view.written(List.copyOf(segments), view.written());
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

    /** Group commit forced up to {@code end}. */
    synchronized LogBounds durable(LogPosition end) {
        view = view.durable(end);
        return view.bounds();
    }

    /** The log starts at {@code logStart} now, durably: removes segments that end before it. */
    LogBounds trimmed(long logStart, long keptBase) throws IOException {
        wake();
        List<Segment> removed = new ArrayList<>();
        LogBounds bounds;
        synchronized (this) {
            List<Segment> kept = new ArrayList<>(view.segments());
            while (kept.size() > 1
                    && kept.get(1).baseOffset() <= logStart
                    && kept.getFirst().baseOffset() < keptBase) {
                removed.add(kept.removeFirst());
            }
            view = view.logStart(logStart, List.copyOf(kept));
            bounds = view.bounds();
        }
        for (Segment segment : removed) {
            segment.delete();
        }
        return bounds;
    }

    /** Why the log takes nothing any more; null while it does. */
    @Nullable String failure() {
        return failure.get();
    }

    /** A write or force failed: once, and for as long as this log is open. */
    void fail(String cause) {
        if (failure.compareAndSet(null, cause)) {
            LOG.error("log {} takes no more appends: {}", id, cause);
            try {
                listener.failed(id, cause);
            } catch (RuntimeException e) {
                LOG.error("a listener of log {} failed", id, e);
            }
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
        for (SharedForce directory : home.above) {
            directory.force();
        }
    }

    boolean closed() {
        return closed;
    }

    LogConfig config() {
        return config;
    }

    Disk disk() {
        return home.pool.disk();
    }

    OpenSegments pool() {
        return home.pool;
    }

    Path directory() {
        return home.directory;
    }

    LocalStoreSettings settings() {
        return home.settings;
    }

    StorageObserver observer() {
        return home.observer;
    }

    long nowMillis() {
        return home.settings.clock().millis();
    }
}
