package io.leat.tests.simulation;

import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.ActiveProducer;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Damage;
import io.leat.storage.api.Durability;
import io.leat.storage.api.GrowingSegment;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogDetails;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ProducerTraces;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.TimedOffset;
import io.leat.storage.local.SeededStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * A log for those who wait for its futures: each is complete when it is handed out, since the store
 * works meanwhile.
 */
record DrivenLog(PartitionLog log, SeededStore store) implements PartitionLog {
    @Override
    public LogId id() {
        return log.id();
    }

    @Override
    public LogBounds bounds() {
        return log.bounds();
    }

    @Override
    public CompletableFuture<AppendOutcome> append(ByteBuffer batch, Durability durability) {
        return store.drive(log.append(batch, durability));
    }

    @Override
    public CompletableFuture<ReadOutcome> read(
            long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation) {
        return store.drive(log.read(offset, maxBytes, atLeastOneBatch, isolation));
    }

    @Override
    public CompletableFuture<Optional<TimedOffset>> offsetForTime(long timestampMillis) {
        return store.drive(log.offsetForTime(timestampMillis));
    }

    @Override
    public CompletableFuture<Optional<TimedOffset>> maxTimestamp() {
        return store.drive(log.maxTimestamp());
    }

    @Override
    public CompletableFuture<LogBounds> trim(long logStart) {
        return store.drive(log.trim(logStart));
    }

    @Override
    public CompletableFuture<List<ActiveProducer>> producers() {
        return store.drive(log.producers());
    }

    @Override
    public LogDetails details() {
        return log.details();
    }

    @Override
    public SealedSegments sealed() {
        return new DrivenSegments(log.sealed(), store);
    }

    @Override
    public void reconfigure(LogConfig config) {
        log.reconfigure(config);
    }

    @Override
    public void close() {
        log.close();
    }

    private record DrivenSegments(SealedSegments segments, SeededStore store)
            implements SealedSegments {
        @Override
        public List<SealedSegment> list() {
            return segments.list();
        }

        @Override
        public Optional<GrowingSegment> growing() {
            return segments.growing();
        }

        @Override
        public long retiredBytes() {
            return segments.retiredBytes();
        }

        @Override
        public CompletableFuture<Void> seal() {
            return store.drive(segments.seal());
        }

        @Override
        public List<Damage> damages() {
            return segments.damages();
        }

        @Override
        public List<Damage> scrub(SealedSegment segment, IntConsumer pace) {
            return segments.scrub(segment, pace);
        }

        @Override
        public LogSlice read(SealedSegment segment) {
            return segments.read(segment);
        }

        @Override
        public List<AbortedTransaction> aborted(long from, long to) {
            return segments.aborted(from, to);
        }

        @Override
        public ProducerTraces traces() {
            return segments.traces();
        }

        @Override
        public Rewrite rewrite(List<SealedSegment> replaced) {
            return segments.rewrite(replaced);
        }
    }
}
