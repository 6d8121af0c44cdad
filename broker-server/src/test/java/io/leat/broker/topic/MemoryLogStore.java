package io.leat.broker.topic;

import io.leat.storage.api.ActiveProducer;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogDetails;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.LogStore;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.TimedOffset;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Remembers which logs there are; they hold nothing. */
public final class MemoryLogStore implements LogStore {
    final Map<LogId, LogConfig> logs = new ConcurrentHashMap<>();
    volatile int opensLeft = Integer.MAX_VALUE;
    volatile boolean deletesFail;

    @Override
    public synchronized PartitionLog open(LogId id, LogConfig config, LogListener listener) {
        if (opensLeft-- <= 0) {
            listener.failed(id, "the disk is full, says the test");
        }
        logs.put(id, config);
        return new EmptyLog(id);
    }

    @Override
    public void delete(LogId id) {
        if (deletesFail) {
            throw new StorageException("power cut, says the test");
        }
        logs.remove(id);
    }

    @Override
    public Set<UUID> topics() {
        return logs.keySet().stream().map(LogId::topicId).collect(Collectors.toSet());
    }

    @Override
    public void close() {}

    private final class EmptyLog implements PartitionLog {
        private final LogId id;

        private EmptyLog(LogId id) {
            this.id = id;
        }

        @Override
        public LogId id() {
            return id;
        }

        @Override
        public LogBounds bounds() {
            return new LogBounds(0, 0, 0);
        }

        @Override
        public CompletableFuture<AppendOutcome> append(ByteBuffer batch, Durability durability) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ReadOutcome> read(
                long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Optional<TimedOffset>> offsetForTime(long timestampMillis) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Optional<TimedOffset>> maxTimestamp() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<LogBounds> trim(long logStart) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<List<ActiveProducer>> producers() {
            throw new UnsupportedOperationException();
        }

        @Override
        public LogDetails details() {
            return new LogDetails(0, 0, 0);
        }

        @Override
        public SealedSegments sealed() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reconfigure(LogConfig config) {
            logs.put(id, config);
        }

        @Override
        public void close() {}
    }
}
