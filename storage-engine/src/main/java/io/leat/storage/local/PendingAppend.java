package io.leat.storage.local;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.AppendOutcome.Refused;
import io.leat.storage.api.Durability;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An append on its way from the caller through the lane to group commit; one of them at a time. */
final class PendingAppend implements AppendLane.Task {
    private final LogWriter writer;
    private final ByteBuffer batch;
    private final int sizeBytes;
    private final Durability durability;
    private final CompletableFuture<AppendOutcome> future = new CompletableFuture<>();
    private @Nullable AppendOutcome outcome;

    PendingAppend(LogWriter writer, ByteBuffer batch, Durability durability) {
        this.writer = writer;
        this.batch = batch;
        this.sizeBytes = batch.remaining();
        this.durability = durability;
    }

    ByteBuffer batch() {
        return batch;
    }

    @Override
    public LogWriter writer() {
        return writer;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void run() {
        writer.append(this);
    }

    @Override
    public void abandon(String cause) {
        refuse(Refusal.STORAGE_FAILED, cause);
    }

    Durability durability() {
        return durability;
    }

    CompletableFuture<AppendOutcome> future() {
        return future;
    }

    /** What to answer once the time has come. */
    void decide(AppendOutcome outcome) {
        this.outcome = outcome;
    }

    /** Answers what was decided. */
    void complete() {
        AppendOutcome decided = outcome;
        if (decided == null) {
            throw new IllegalStateException("completed before it was decided");
        }
        future.complete(decided);
    }

    void refuse(Refusal reason, String message) {
        future.complete(new Refused(reason, message));
    }
}
