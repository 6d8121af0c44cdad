package io.leat.broker.share;

import io.leat.broker.api.WaitSlots;
import io.leat.broker.partition.Partition;
import io.leat.broker.share.Served.Delivery;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.ReadOutcome;
import io.leat.wire.ErrorCode;
import io.leat.wire.record.InvalidBatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One share fetch from its first read to its answer.
 *
 * <pre>
 *    ┌────────────────── something moved ───────────────────┐
 *    ▼                                                       │
 * READING ── offers, acknowledgements ──► SERVING ── none ► WAITING
 *    │          (one turn of the loop)       │ records       │ time is up
 *    └── errors, no time left ──────────────►└──► DONE ◄─────┘
 * </pre>
 *
 * All partitions are read first, then all that was read is offered at once, so that it takes one
 * write, together with the acknowledgements. Waiting holds no leases and no lane. It belongs to its
 * connection's event loop; only {@link #run} and {@link #cancel} are called by other threads.
 */
final class PendingShareFetch implements Runnable {
    /** How much of a partition is looked at in one go, unless a batch is larger. */
    private static final int PARTITION_BYTES_MAX = 1 << 20;

    /** How often it reads again at once when others were faster, before it waits. */
    private static final int ATTEMPTS_MAX = 4;

    /** The bounds of a fetch; {@code exact} as in {@link Offer}. */
    record Limits(int minBytes, int maxBytes, int maxWaitMillis, int maxRecords, boolean exact) {}

    /** What there is to read of a part. */
    private record Sight(Optional<SharePartition> known, long readEnd, boolean failed) {}

    private enum State {
        READING,
        SERVING,
        WAITING,
        DONE
    }

    private final ShareGroups groups;
    private final ShareSession.Key member;
    private final ShareSettings settings;
    private final List<FetchPart> parts;
    private final Limits limits;
    private final ScheduledExecutorService loop;
    private final CompletableFuture<List<FetchPart>> answer = new CompletableFuture<>();
    private final AtomicBoolean wakeQueued = new AtomicBoolean();

    private State state = State.READING;
    private int nextPart;
    private int recordsLeft;
    private int bytesLeft;
    private int bytesRead;
    private int attempts;
    private boolean lastRead;
    private boolean cancelled;
    private boolean listening;
    private boolean movedMeanwhile;
    private boolean crowded;

    /** What there is of each part; empty where any record is enough. */
    private List<Sight> sights = List.of();

    /** What there was of each part when all of it together was too little. */
    private List<Sight> tooLittle = List.of();

    private @Nullable Future<?> timer;

    PendingShareFetch(
            ShareGroups groups,
            ShareSession.Key member,
            ShareSettings settings,
            List<FetchPart> parts,
            Limits limits,
            ScheduledExecutorService loop) {
        this.groups = groups;
        this.member = member;
        this.settings = settings;
        this.parts = parts;
        this.limits = limits;
        this.loop = loop;
        this.lastRead = limits.maxWaitMillis() <= 0 || parts.isEmpty();
        parts.forEach(part -> part.ownedBy(this));
    }

    /** Reads; the future completes on the event loop, and the leases are the caller's. */
    CompletableFuture<List<FetchPart>> start() {
        read();
        return answer;
    }

    /** Something moved. Any thread. */
    @Override
    public void run() {
        if (wakeQueued.compareAndSet(false, true)) {
            onLoop(this::moved);
        }
    }

    /** Nobody waits for the answer any more. Any thread. */
    void cancel() {
        onLoop(() -> {
            cancelled = true;
            expire();
        });
    }

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
            case WAITING -> {
                attempts = 0;
                read();
            }
            case READING, SERVING -> movedMeanwhile = true;
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
        sights = limits.minBytes() > 1 ? parts.stream().map(this::look).toList() : List.of();
        if (!lastRead && !sights.isEmpty() && sights.equals(tooLittle)) {
            // Others that gave up have woken this one, and found no more either.
            state = State.WAITING;
            return;
        }
        crowded = false;
        attempts++;
        nextPart = 0;
        recordsLeft = cancelled ? 0 : limits.maxRecords();
        bytesLeft = limits.maxBytes();
        bytesRead = 0;
        readOn();
    }

    private Sight look(FetchPart part) {
        Optional<Partition> partition = part.partition();
        return new Sight(
                groups.find(part.id()),
                partition.map(its -> its.log().bounds().readEnd(settings.isolation())).orElse(-1L),
                partition.flatMap(Partition::failure).isPresent());
    }

    private void readOn() {
        while (nextPart < parts.size() && recordsLeft > 0 && bytesLeft > 0) {
            FetchPart part = parts.get(nextPart++);
            if (part.partition().isEmpty() || part.error() != ErrorCode.NONE) {
                continue;
            }
            Optional<SharePartition> known = groups.find(part.id());
            if (known.isEmpty()) {
                open(part);
                return;
            }
            Optional<CompletableFuture<ReadOutcome>> read =
                    readIfWorthwhile(part, part.partition().get(), known.get());
            if (read.isEmpty()) {
                continue;
            }
            if (!read.get().isDone()) {
                var _ = read.get().thenAccept(outcome -> takeLater(part, outcome));
                return;
            }
            take(part, read.get().join());
        }
        conclude();
    }

    /** Delivery begins with this fetch. */
    private void open(FetchPart part) {
        var _ =
                groups.open(part.id(), part.partition().orElseThrow(), settings)
                        .thenAccept(error -> {
                            if (!onLoop(() -> opened(part, error))) {
                                parts.forEach(FetchPart::giveUp);
                            }
                        });
    }

    private void opened(FetchPart part, ErrorCode error) {
        if (error != ErrorCode.NONE) {
            part.fail(error);
        } else if (groups.find(part.id()).isEmpty()) {
            part.fail(ErrorCode.UNKNOWN_TOPIC_ID); // deleted meanwhile
        } else if (groups.partition(part.id()).isEmpty()) {
            // The topic was deleted before, and nothing else would remove what is known of it now.
            var _ = groups.remove(List.of(part.id()));
            part.fail(ErrorCode.UNKNOWN_TOPIC_ID);
        } else {
            nextPart--;
        }
        readOn();
    }

    private Optional<CompletableFuture<ReadOutcome>> readIfWorthwhile(
            FetchPart part, Partition partition, SharePartition known) {
        OptionalLong next = known.nextOffset(settings);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        long offset = next.getAsLong();
        LogBounds bounds = partition.log().bounds();
        boolean atEnd =
                offset >= bounds.readEnd(settings.isolation()) && offset <= bounds.durableEnd();
        if (atEnd && partition.failure().isEmpty()) {
            return Optional.empty();
        }
        if (!part.lane().enter()) {
            crowded = true;
            return Optional.empty();
        }
        part.reading(offset, recordsLeft + known.window().unsettled());
        return Optional.of(
                partition
                        .log()
                        .read(
                                offset,
                                Math.min(bytesLeft, PARTITION_BYTES_MAX),
                                bytesRead == 0,
                                settings.isolation()));
    }

    /** Called by the log's thread. */
    private void takeLater(FetchPart part, ReadOutcome outcome) {
        boolean taken =
                onLoop(() -> {
                    take(part, outcome);
                    readOn();
                });
        if (!taken) {
            if (outcome instanceof ReadOutcome.Data data) {
                data.slice().close();
            }
            parts.forEach(FetchPart::giveUp);
        }
    }

    private void take(FetchPart part, ReadOutcome outcome) {
        switch (outcome) {
            case ReadOutcome.Data data -> {
                try {
                    part.take(data, recordsLeft, limits.exact());
                } catch (InvalidBatchException e) {
                    part.giveUp();
                    part.fail(ErrorCode.CORRUPT_MESSAGE);
                    return;
                }
                bytesRead += part.sizeBytes();
                bytesLeft = Math.max(0, bytesLeft - part.sizeBytes());
                recordsLeft = (int) Math.max(0, recordsLeft - part.offered());
            }
            case ReadOutcome.OutOfRange(LogBounds bounds) -> part.takeNothing(bounds);
            case ReadOutcome.Failed failed -> {
                part.giveUp();
                part.fail(ErrorCode.KAFKA_STORAGE_ERROR);
            }
            case ReadOutcome.Closed closed -> {
                part.giveUp();
                part.fail(ErrorCode.NOT_LEADER_OR_FOLLOWER);
            }
        }
    }

    private void conclude() {
        if (bytesRead > 0 && bytesRead < limits.minBytes() && !lastRead) {
            tooLittle = crowded ? List.of() : sights;
            parts.forEach(FetchPart::giveUp);
        }
        List<FetchPart> busy = parts.stream().filter(FetchPart::hasBusiness).toList();
        if (busy.isEmpty()) {
            finishOrWait(false);
            return;
        }
        state = State.SERVING;
        List<CompletableFuture<Served>> served = new ArrayList<>(busy.size());
        for (FetchPart part : busy) {
            served.add(
                    groups.serve(part.id(), member.memberId(), part.acknowledge(), part.offer())
                            .toCompletableFuture());
        }
        var _ =
                CompletableFuture.allOf(served.toArray(CompletableFuture[]::new))
                        .thenRun(() -> collectLater(busy, served));
    }

    /** Called by the coordinators' thread. */
    private void collectLater(List<FetchPart> busy, List<CompletableFuture<Served>> served) {
        if (!onLoop(() -> collect(busy, served))) {
            for (int i = 0; i < busy.size(); i++) {
                giveBack(busy.get(i), served.get(i).join());
                busy.get(i).giveUp();
            }
        }
    }

    private void collect(List<FetchPart> busy, List<CompletableFuture<Served>> served) {
        boolean retry = false;
        for (int i = 0; i < busy.size(); i++) {
            FetchPart part = busy.get(i);
            Served outcome = served.get(i).join();
            retry |= part.offered() > 0 && outcome.deliveries().isEmpty();
            if (part.moved()) {
                // Nothing was there to deliver, and the window has passed it: that is no failure.
                retry = true;
                attempts = 0;
            }
            if (cancelled) {
                giveBack(part, outcome);
                part.giveUp();
            } else {
                part.served(outcome);
            }
        }
        finishOrWait(retry);
    }

    /** The connection is gone, and with it the way to the member. */
    private void giveBack(FetchPart part, Served served) {
        List<Delivery> deliveries = served.deliveries();
        if (!deliveries.isEmpty()) {
            groups.giveBack(part.id(), served.lock());
        }
    }

    private void finishOrWait(boolean retry) {
        boolean something =
                parts.stream()
                        .anyMatch(part ->
                                part.error() != ErrorCode.NONE
                                        || part.acknowledged() != ErrorCode.NONE
                                        || !part.deliveries().isEmpty());
        if (something || lastRead) {
            finish();
        } else if (!listening) {
            listen();
            read();
        } else if (movedMeanwhile || (retry && attempts < ATTEMPTS_MAX)) {
            read();
        } else {
            state = State.WAITING;
        }
    }

    private void listen() {
        listening = true;
        for (FetchPart part : parts) {
            part.lane().add(this);
            part.partition().ifPresent(partition -> partition.waiters().add(this));
        }
        timer = WaitSlots.schedule(loop, this::expire, limits.maxWaitMillis());
    }

    private void finish() {
        state = State.DONE;
        if (listening) {
            for (FetchPart part : parts) {
                part.lane().remove(this);
                part.partition().ifPresent(partition -> partition.waiters().remove(this));
            }
        }
        if (timer != null) {
            timer.cancel(false);
        }
        answer.complete(parts);
    }
}
