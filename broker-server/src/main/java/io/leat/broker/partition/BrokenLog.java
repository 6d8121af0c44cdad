package io.leat.broker.partition;

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
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.TimedOffset;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Stands in for a log that could not be opened: everything asked of it fails with the cause. */
record BrokenLog(LogId id, String cause) implements PartitionLog {
    private static final LogBounds EMPTY = new LogBounds(0, 0, 0);

    @Override
    public LogBounds bounds() {
        return EMPTY;
    }

    @Override
    public CompletableFuture<AppendOutcome> append(ByteBuffer batch, Durability durability) {
        return CompletableFuture.completedFuture(
                new AppendOutcome.Refused(Refusal.STORAGE_FAILED, cause));
    }

    @Override
    public CompletableFuture<ReadOutcome> read(
            long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation) {
        return CompletableFuture.completedFuture(new ReadOutcome.Failed(cause));
    }

    @Override
    public CompletableFuture<Optional<TimedOffset>> offsetForTime(long timestampMillis) {
        return failed();
    }

    @Override
    public CompletableFuture<Optional<TimedOffset>> maxTimestamp() {
        return failed();
    }

    @Override
    public CompletableFuture<LogBounds> trim(long logStart) {
        return failed();
    }

    @Override
    public CompletableFuture<List<ActiveProducer>> producers() {
        return failed();
    }

    @Override
    public LogDetails details() {
        return new LogDetails(0, 0, 0);
    }

    @Override
    public void reconfigure(LogConfig config) {}

    @Override
    public void close() {}

    private <T> CompletableFuture<T> failed() {
        return CompletableFuture.failedFuture(new StorageException(cause));
    }
}
