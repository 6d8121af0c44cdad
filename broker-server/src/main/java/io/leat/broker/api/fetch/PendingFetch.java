package io.leat.broker.api.fetch;

import io.leat.broker.api.WaitSlots;
import io.leat.broker.partition.Partition;
import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.ReadOutcome;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One fetch from its first read to its answer.
 *
 * <pre>
 *   enough, more behind it, an error, no time left
 * READING ------------------------------------> DONE
 *   |  ^                                          ^
 *   |  | a partition moved, time is up, nobody    |
 *   v  | waits any more                           |
 *  WAITING                                        |
 * </pre>
 *
 * Waiting holds no leases: what was read is given back, and read again when something moved. It
 * belongs to its connection's event loop; only {@link #run} is called by the logs' threads.
 */
final class PendingFetch implements Runnable {
    /** The bounds of a fetch. */
    record Limits(int minBytes, int maxBytes, int maxWaitMillis, Isolation isolation) {
        Limits {
            // More than is given at the most never comes together.
            minBytes = Math.min(minBytes, Math.max(1, maxBytes));
        }
    }

    /** A partition to read, or the reason why it cannot be. */
    record Source(FetchTarget target, Optional<Partition> partition, ErrorCode error) {}

    private enum State {
        READING,
        WAITING,
        DONE
    }

    private final List<Source> sources;
    private final Limits limits;
    private final ScheduledExecutorService loop;
    private final CompletableFuture<List<FetchResult>> answer = new CompletableFuture<>();
    private final AtomicBoolean wakeQueued = new AtomicBoolean();

    private State state = State.READING;
    private List<FetchResult> results = new ArrayList<>();
    private int bytesLeft;
    private long bytesRead;
    private boolean failed;
    private boolean lastRead;
    private boolean listening;
    private boolean movedMeanwhile;
    private @Nullable Future<?> timer;

    PendingFetch(List<Source> sources, Limits limits, ScheduledExecutorService loop) {
        this.sources = sources;
        this.limits = limits;
        this.loop = loop;
        this.lastRead = limits.maxWaitMillis() <= 0 || sources.isEmpty();
    }

    /** Reads; the future completes on the event loop, and its result's leases are the caller's. */
    CompletableFuture<List<FetchResult>> start() {
        read();
        return answer;
    }

    /** A partition moved. Any thread. */
    @Override
    public void run() {
        if (wakeQueued.compareAndSet(false, true)) {
            onLoop(this::moved);
        }
    }

    /** Answers with what there is. Any thread. */
    void hurry() {
        onLoop(this::expire);
    }

    /** False when the loop has ended, and with it the connection: then nobody waits any more. */
    private boolean onLoop(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void moved() {
        wakeQueued.set(false);
        switch (state) {
            case WAITING -> read();
            case READING -> movedMeanwhile = true;
            case DONE -> {}
        }
    }

    private void expire() {
        lastRead = true;
        if (state == State.WAITING) {
            read();
        }
    }

    private void read() {
        state = State.READING;
        movedMeanwhile = false;
        results = new ArrayList<>(sources.size());
        bytesLeft = limits.maxBytes();
        bytesRead = 0;
        failed = false;
        readOn();
    }

    private void readOn() {
        while (results.size() < sources.size()) {
            Source source = sources.get(results.size());
            Optional<CompletableFuture<ReadOutcome>> read = readIfWorthwhile(source);
            if (read.isEmpty()) {
                continue;
            }
            if (!read.get().isDone()) {
                var _ = read.get().thenAccept(outcome -> takeLater(source, outcome));
                return;
            }
            take(source, read.get().join());
        }
        conclude();
    }

    /** Begins a read; or takes the result at once, where the bounds tell it without one. */
    private Optional<CompletableFuture<ReadOutcome>> readIfWorthwhile(Source source) {
        FetchTarget target = source.target();
        if (source.partition().isEmpty()) {
            take(FetchResult.failed(target, source.error()));
            return Optional.empty();
        }
        Partition partition = source.partition().get();
        LogBounds bounds = partition.log().bounds();
        boolean room = bytesRead == 0 || Math.min(bytesLeft, target.maxBytes()) > 0;
        long end = bounds.readEnd(limits.isolation());
        boolean inside = target.offset() >= bounds.logStart() && target.offset() < end;
        boolean atEnd = target.offset() >= end && target.offset() <= bounds.writtenEnd();
        if (partition.failure().isEmpty() && (atEnd || (inside && !room))) {
            take(result(target, bounds, Optional.empty(), List.of()));
            return Optional.empty();
        }
        return Optional.of(
                partition
                        .log()
                        .read(
                                target.offset(),
                                Math.min(bytesLeft, target.maxBytes()),
                                bytesRead == 0,
                                limits.isolation()));
    }

    /** Called by the log's thread. */
    private void takeLater(Source source, ReadOutcome outcome) {
        boolean taken =
                onLoop(() -> {
                    take(source, outcome);
                    readOn();
                });
        if (!taken && outcome instanceof ReadOutcome.Data data) {
            data.slice().close();
        }
    }

    private void take(Source source, ReadOutcome outcome) {
        FetchTarget target = source.target();
        take(
                switch (outcome) {
                    case ReadOutcome.Data(
                                    LogSlice slice,
                                    LogBounds bounds,
                                    List<AbortedTransaction> aborted) -> {
                        if (slice.sizeBytes() > 0) {
                            yield result(target, bounds, Optional.of(slice), aborted);
                        }
                        slice.close();
                        yield result(target, bounds, Optional.empty(), List.of());
                    }
                    case ReadOutcome.OutOfRange(LogBounds bounds) ->
                            FetchResult.failed(target, ErrorCode.OFFSET_OUT_OF_RANGE);
                    case ReadOutcome.Failed(String message) ->
                            FetchResult.failed(target, ErrorCode.KAFKA_STORAGE_ERROR);
                    case ReadOutcome.Closed() ->
                            FetchResult.failed(target, ErrorCode.NOT_LEADER_OR_FOLLOWER);
                });
    }

    private void take(FetchResult result) {
        results.add(result);
        int size = result.sizeBytes();
        bytesRead += size;
        bytesLeft = Math.max(0, bytesLeft - size);
        failed |= result.error() != ErrorCode.NONE;
    }

    private static FetchResult result(
            FetchTarget target,
            LogBounds bounds,
            Optional<LogSlice> slice,
            List<AbortedTransaction> aborted) {
        return new FetchResult(
                target,
                ErrorCode.NONE,
                bounds.durableEnd(),
                bounds.lastStable(),
                bounds.logStart(),
                slice,
                aborted);
    }

    private void conclude() {
        if (lastRead || failed || bytesRead >= limits.minBytes() || moreFollows()) {
            finish();
            return;
        }
        results.forEach(FetchResult::discard);
        results = new ArrayList<>();
        if (!listening) {
            listen();
            read();
        } else if (movedMeanwhile) {
            read();
        } else {
            state = State.WAITING;
        }
    }

    /**
     * Whether there is more behind what was read, where a segment ends or a partition's share of
     * the answer does: to wait would add nothing. Never without any bytes: who gets none would ask
     * again at once.
     */
    private boolean moreFollows() {
        return bytesRead > 0 && results.stream().anyMatch(this::isFollowed);
    }

    private boolean isFollowed(FetchResult result) {
        long end =
                limits.isolation() == Isolation.READ_COMMITTED
                        ? result.lastStableOffset()
                        : result.highWatermark();
        return result.nextOffset() < end;
    }

    private void listen() {
        listening = true;
        for (Source source : sources) {
            source.partition().ifPresent(partition -> partition.waiters().add(this));
        }
        timer = WaitSlots.schedule(loop, this::expire, limits.maxWaitMillis());
    }

    private void finish() {
        state = State.DONE;
        if (listening) {
            for (Source source : sources) {
                source.partition().ifPresent(partition -> partition.waiters().remove(this));
            }
        }
        if (timer != null) {
            timer.cancel(false);
        }
        answer.complete(results);
    }
}
