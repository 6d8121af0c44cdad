package io.leat.storage.local;

import io.leat.storage.api.ActiveProducer;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.AppendOutcome.Duplicate;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.ProducerTraces;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.BatchLayout;
import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing end of one log: judges batches, gives them offsets, writes and indexes them, rolls.
 * Used by the log's lane only.
 *
 * <p>Batches of one turn of the lane are staged and written together. What is remembered of
 * producers and indexes changes after the write only, so that a write that found the disk full
 * leaves nothing to be undone but bytes behind the end.
 */
final class LogWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final long EXPIRY_CHECK_MILLIS = 600_000;
    private static final int MISSED_MAX = 10_000;

    /** A batch of a producer that never got into the lane's queue. */
    private record Missed(long producerId, short epoch, int sequence) {}

    private final LogState log;
    private final LogCommit commit;
    private final RecordBatch view = new RecordBatch();
    private final List<PendingAppend> staged = new ArrayList<>();
    private final StagedProducers stagedProducers = new StagedProducers();
    private final List<PendingAppend> answers = new ArrayList<>();
    private int stagedBytes;

    private boolean loaded;
    private @Nullable SegmentWriter active;
    private ProducerTable producers = new ProducerTable();
    private volatile int producerCount;
    // The end of what is written, and behind what is staged.
    private long nextOffset;
    private long stagedEnd;
    private long bytesSinceCheckpoint;
    private long lastAppendMillis;
    private long lastExpiryMillis;
    private boolean rolled;

    // Guarded by itself.
    private final List<Missed> missed = new ArrayList<>();
    private volatile boolean anyMissed;

    LogWriter(LogState log, LogCommit commit) {
        this.log = log;
        this.commit = commit;
    }

    /** How many producers are remembered. Any thread. */
    int producerCount() {
        return producerCount;
    }

    /**
     * Answers with the producers.
     *
     * @throws IOException when the log cannot be recovered
     */
    List<ActiveProducer> producers() throws IOException {
        load();
        // A log that nobody appends to forgets only when somebody looks.
        producers.expire(log.nowMillis(), log.settings().producerIdExpirationMillis());
        return producers.list();
    }

    /**
     * Answers with what the producers are known by.
     *
     * @throws IOException when the log cannot be recovered
     */
    ProducerTraces traces() throws IOException {
        load();
        return producers.traces();
    }

    /** Stages a batch, or answers at once. */
    void append(PendingAppend append) {
        if (log.closed()) {
            append.refuse(Refusal.CLOSED, log.id() + " is closed");
            return;
        }
        if (!soundBatch(append)) {
            return;
        }
        String failure = log.failure();
        if (failure != null) {
            refuse(append, failure);
            return;
        }
        try {
            load();
            awaitMissed();
            judge(append);
        } catch (IOException e) {
            refuseStaged(e);
            refuse(append, describe(e));
        }
    }

    /**
     * A batch that found the lane's queue full will be sent again: if nothing is known of its
     * producer, its next ones must not pass before it. Any thread.
     */
    void missed(ByteBuffer batch) {
        RecordBatch refused = RecordBatch.of(batch);
        if (refused.isWhole() && refused.hasProducer() && !refused.isControl()) {
            synchronized (missed) {
                if (missed.size() < MISSED_MAX) {
                    missed.add(
                            new Missed(
                                    refused.producerId(),
                                    refused.producerEpoch(),
                                    refused.baseSequence()));
                    anyMissed = true;
                }
            }
        }
    }

    private void awaitMissed() {
        if (anyMissed) {
            synchronized (missed) {
                for (Missed each : missed) {
                    producers.awaitNext(
                            each.producerId, each.epoch, each.sequence, log.nowMillis());
                }
                missed.clear();
                anyMissed = false;
            }
        }
    }

    private boolean soundBatch(PendingAppend append) {
        ByteBuffer batch = append.batch();
        view.wrap(batch, batch.position());
        if (!view.isWhole()
                || view.sizeBytes() != append.sizeBytes()
                || view.magic() != BatchLayout.MAGIC_V2
                || view.lastOffsetDelta() < 0) {
            append.refuse(Refusal.CORRUPT, "not one whole record batch of magic 2");
            return false;
        }
        int segmentBytes = log.config().segmentBytes();
        if (append.sizeBytes() > segmentBytes) {
            append.refuse(
                    Refusal.BATCH_TOO_LARGE,
                    "a batch of %d bytes does not fit into segments of %d bytes"
                            .formatted(append.sizeBytes(), segmentBytes));
            return false;
        }
        return true;
    }

    private void load() throws IOException {
        if (!loaded) {
            String failure = log.failure();
            if (failure != null) {
                // Healing is about to find the end, or at it.
                throw new IOException(failure);
            }
            LogRecovery.Recovered recovered = log.recovered();
            active = recovered.writer();
            ProducerTable before = producers;
            producers = recovered.producers();
            producers.await(before, recovered.end().offset());
            producerCount = producers.size();
            nextOffset = recovered.end().offset();
            stagedEnd = nextOffset;
            lastAppendMillis = log.nowMillis();
            loaded = true;
        }
    }

    /** Finds the log's end. */
    void load(CompletableFuture<Void> loaded) {
        try {
            load();
            loaded.complete(null);
        } catch (IOException e) {
            loaded.completeExceptionally(new StorageException(describe(e), e));
        }
    }

    /** Rolls, so that all there is now is in segments that no longer grow. */
    void seal(CompletableFuture<Void> future) {
        String failure = log.failure();
        if (failure != null || log.closed()) {
            future.completeExceptionally(
                    new StorageException(failure != null ? failure : log.id() + " is closed"));
            return;
        }
        try {
            load();
            flushStaged();
            SegmentWriter writer = active;
            if (writer != null && writer.empty()) {
                // The last roll's checkpoint may not have found space.
                commit.checkpoint(writer.indexedEnd(nextOffset), snapshot(writer));
            } else if (writer != null) {
                var _ = roll();
            } else if (log.indexedBase() < nextOffset) {
                // Nothing grows since the log was healed: what it ends with is closed only when a
                // checkpoint lies behind it, and that needs a segment to lie in.
                SegmentWriter fresh = roll();
                commit.checkpoint(fresh.indexedEnd(nextOffset), snapshot(fresh));
            }
            commit.sealed(nextOffset, future);
            rolled = true;
        } catch (IOException e) {
            refuseStaged(e);
            future.completeExceptionally(new StorageException(describe(e), e));
        }
    }

    private void judge(PendingAppend append) throws IOException {
        if (stagedProducers.knows(view)) {
            if (stagedProducers.isNext(view)) {
                stage(append);
                return;
            }
            // What is known of the producer is not up to date before the write.
            flushStaged();
            view.wrap(append.batch(), append.batch().position());
        }
        switch (producers.judge(view)) {
            case ProducerTable.Verdict.Fresh fresh -> stage(append);
            case ProducerTable.Verdict.Known known -> {
                long time = appendsTime() ? known.timestampMillis() : RecordBatch.NONE;
                append.decide(
                        new Duplicate(
                                known.baseOffset(),
                                known.lastOffset(),
                                time,
                                log.bounds().logStart()));
                answers.add(append);
            }
            case ProducerTable.Verdict.Unfit unfit ->
                    append.refuse(unfit.reason(), unfit.message());
        }
    }

    private boolean appendsTime() {
        return log.config().timestampType() == TimestampType.LOG_APPEND_TIME;
    }

    private void stage(PendingAppend append) throws IOException {
        long appendTime = appendsTime() ? log.nowMillis() : RecordBatch.NONE;
        long timestamp = appendTime >= 0 ? appendTime : view.maxTimestampMillis();
        SegmentWriter target = writerFor(append.sizeBytes(), view.lastOffsetDelta(), timestamp);
        view.wrap(append.batch(), append.batch().position());
        view.baseOffset(stagedEnd);
        view.partitionLeaderEpoch(0);
        if (appendTime >= 0) {
            view.logAppendTime(appendTime);
        }
        append.decide(
                new Appended(stagedEnd, view.lastOffset(), appendTime, log.bounds().logStart()));
        assert target.position() + stagedBytes + append.sizeBytes() <= target.bytesMax();
        staged.add(append);
        stagedProducers.add(view);
        stagedBytes += append.sizeBytes();
        stagedEnd = view.nextOffset();
    }

    /** The segment that takes the next batch: rolls to a new one where it must. */
    private SegmentWriter writerFor(int sizeBytes, int lastOffsetDelta, long timestampMillis)
            throws IOException {
        SegmentWriter writer = active;
        if (writer == null) {
            return roll();
        }
        if (writer.indexEntriesLeft() <= staged.size()) {
            flushStaged();
        }
        LogConfig config = log.config();
        boolean empty = writer.empty() && staged.isEmpty();
        long sizeAfter = (long) writer.position() + stagedBytes + sizeBytes;
        if (sizeAfter <= Math.min(config.segmentBytes(), writer.bytesMax())
                && stagedEnd + lastOffsetDelta - writer.baseOffset() <= Integer.MAX_VALUE
                && (empty
                        || (writer.ageAt(timestampMillis) <= ageMillisMax(config, writer)
                                && !writer.indexesFull()))) {
            return writer;
        }
        flushStaged();
        return roll();
    }

    /** The same for a segment at any time, and different for different segments and logs. */
    private long ageMillisMax(LogConfig config, SegmentWriter writer) {
        long jitter = Math.min(config.segmentJitterMillis(), config.segmentMillis());
        if (jitter <= 0) {
            return config.segmentMillis();
        }
        long seed = 31L * log.id().hashCode() + writer.baseOffset();
        return config.segmentMillis() - new SplittableRandom(seed).nextLong(jitter);
    }

    private SegmentWriter roll() throws IOException {
        SegmentWriter old = active;
        // Nothing is in it, but it may not grow to the size that is needed now.
        boolean replaces = old != null && old.empty();
        if (old == null) {
            commit.reserve();
        } else if (!replaces) {
            old.completeTimeIndex();
            old.aborted().seal(producers.lastStable(nextOffset));
            // Forced by the round that forces its last batches, and by no other thread: of two that
            // force one file, one alone is told of a failure.
            var _ = old.cutRoom();
        }
        SegmentWriter fresh =
                SegmentWriter.create(log.pool(), log.directory(), nextOffset, log.config());
        active = fresh;
        bytesSinceCheckpoint = 0;
        log.rolled(fresh.segment());
        if (old != null && replaces) {
            commit.replaced(old);
        } else if (old != null) {
            commit.rolled(old, IndexedEnd.startOf(nextOffset), snapshot(fresh));
        }
        commit.fileMade();
        rolled = true;
        return fresh;
    }

    /** Writes what is staged, and answers or hands on to group commit all that waits for it. */
    void flush() {
        try {
            flushStaged();
        } catch (IOException e) {
            refuseStaged(e);
        }
        if (answers.isEmpty() && !rolled) {
            return;
        }
        rolled = false;
        commit.written(active, log.written(), producers.lastStable(nextOffset), answers);
        for (PendingAppend answer : answers) {
            if (answer.durability() == Durability.WRITTEN) {
                answer.complete();
            }
        }
        answers.clear();
    }

    private void flushStaged() throws IOException {
        SegmentWriter writer = active;
        if (staged.isEmpty() || writer == null) {
            return;
        }
        String failure = log.failure();
        if (failure != null) {
            refuseStaged(failure);
            return;
        }
        int indexIntervalBytes = log.config().indexIntervalBytes();
        int bytesBeforeLast = stagedBytes - staged.getLast().sizeBytes();
        writer.makeIndexRoom(staged.size(), bytesBeforeLast, indexIntervalBytes);
        ByteBuffer[] buffers = new ByteBuffer[staged.size()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = staged.get(i).batch().duplicate();
        }
        long started = System.nanoTime();
        writer.append(buffers, stagedBytes);
        log.observer().written(System.nanoTime() - started, stagedBytes);
        passStaged(writer, indexIntervalBytes);
        log.troubleOver();
        checkpointWhereDue(writer);
    }

    private void passStaged(SegmentWriter writer, int indexIntervalBytes) {
        long nowMillis = log.nowMillis();
        lastAppendMillis = nowMillis;
        for (PendingAppend append : staged) {
            view.wrap(append.batch(), append.batch().position());
            writer.passed(view, indexIntervalBytes);
            producers.appended(view, nowMillis, writer.aborted());
            answers.add(append);
        }
        expireProducers(nowMillis);
        producerCount = producers.size();
        bytesSinceCheckpoint += stagedBytes;
        nextOffset = stagedEnd;
        clearStaged();
        writer.publish();
        log.written(new LogPosition(nextOffset, writer.baseOffset(), writer.position()));
    }

    private void checkpointWhereDue(SegmentWriter writer) {
        if (bytesSinceCheckpoint >= log.settings().checkpointBytes()) {
            bytesSinceCheckpoint = 0;
            commit.checkpoint(writer.indexedEnd(nextOffset), snapshot(writer));
        }
    }

    private void expireProducers(long nowMillis) {
        if (nowMillis - lastExpiryMillis >= EXPIRY_CHECK_MILLIS) {
            lastExpiryMillis = nowMillis;
            producers.expire(nowMillis, log.settings().producerIdExpirationMillis());
        }
    }

    private @Nullable ByteBuffer snapshot(SegmentWriter writer) {
        AbortedIndex aborted = writer.aborted();
        return producers.size() == 0 && aborted.size() == 0 ? null : producers.snapshot(aborted);
    }

    private void clearStaged() {
        staged.clear();
        stagedProducers.clear();
        stagedBytes = 0;
        stagedEnd = nextOffset;
    }

    /** A write failed: nothing of what is staged is in the log. */
    private void refuseStaged(IOException cause) {
        boolean full = log.disk().isFull(log.directory(), cause);
        boolean harmless = full || Causes.beforeAnyWrite(cause);
        SegmentWriter writer = active;
        if (full && writer != null) {
            try {
                // Bytes of a torn write stand behind the end. They would be overwritten, or cut by
                // recovery, but they take space that is needed now.
                writer.cut();
            } catch (IOException e) {
                harmless = false;
            }
        }
        String message = describe(cause);
        if (cause instanceof DamagedLogException damage) {
            log.fence(damage);
        } else if (harmless) {
            log.trouble(message);
        } else {
            log.fail(message);
        }
        refuseStaged(message);
    }

    private void refuseStaged(String message) {
        List<PendingAppend> refused = List.copyOf(staged);
        clearStaged();
        for (PendingAppend append : refused) {
            refuse(append, message);
        }
    }

    private void refuse(PendingAppend append, String message) {
        view.wrap(append.batch(), append.batch().position());
        producers.awaitNext(view, lastAppendMillis);
        append.refuse(Refusal.STORAGE_FAILED, message);
    }

    private String describe(IOException cause) {
        return "%s cannot be written: %s".formatted(log.directory(), Causes.text(cause));
    }

    /** The log failed for another reason: nothing that waits will be answered otherwise. */
    void fail(String cause) {
        log.fail(cause);
        refuseStaged(cause);
        for (PendingAppend answer : answers) {
            answer.refuse(Refusal.STORAGE_FAILED, cause);
        }
        answers.clear();
    }

    /**
     * Lets go of the files of a log that failed: housekeeping opens it again from the disk, and
     * then the next append finds what there is.
     */
    void beginHeal() {
        flush();
        if (log.failure() == null || log.closed()) {
            log.endHealing();
            return;
        }
        loaded = false;
        active = null;
        bytesSinceCheckpoint = 0;
        commit.heal();
    }

    /** Writes what is staged, and lets group commit force, checkpoint and free everything. */
    void close() {
        flush();
        if (log.recoveryPending()) {
            try {
                load();
            } catch (IOException e) {
                log.fail(describe(e));
            }
        }
        SegmentWriter writer = active;
        active = null;
        if (writer == null || log.failure() != null) {
            abandon();
            return;
        }
        try {
            writer.completeTimeIndex();
        } catch (IOException e) {
            // The entry is only a shortcut; opening the segment finds the same by reading.
            LOG.warn("{}: {}", log.id(), e.toString());
        }
        commit.close(writer, writer.indexedEnd(nextOffset), snapshot(writer));
    }

    /** Lets group commit free everything, and nothing more. */
    void abandon() {
        commit.close(null, IndexedEnd.startOf(0), null);
    }

    @Override
    public String toString() {
        return log.id().toString();
    }
}
