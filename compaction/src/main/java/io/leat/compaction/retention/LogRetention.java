package io.leat.compaction.retention;

import io.leat.compaction.retention.RetentionRule.Verdict;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.StorageException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Removes from a log what is too old or too much: moves its start, durably, up to the end of the
 * last segment that goes. Reads that have begun finish; files that nobody reads go at once, so that
 * {@code file.delete.delay.ms} is not needed. Blocks on the disk. Any thread.
 */
public final class LogRetention {
    private LogRetention() {}

    /**
     * Does what the policy demands.
     *
     * @return how many offsets the log start moved up by
     * @throws StorageException when the disk fails, or the log is closed
     */
    public static long apply(PartitionLog log, RetentionPolicy policy, long nowMillis) {
        if (policy.keepsAll()) {
            return 0;
        }
        long before = log.bounds().logStart();
        if (before == log.bounds().writtenEnd()) {
            return 0;
        }
        Verdict verdict = judge(log, policy, nowMillis);
        if (verdict instanceof Verdict.SealFirst) {
            await(log.sealed().seal());
            verdict = judge(log, policy, nowMillis);
        }
        if (verdict instanceof Verdict.StartAt start && start.offset() > before) {
            return await(log.trim(start.offset())).logStart() - before;
        }
        return 0;
    }

    private static Verdict judge(PartitionLog log, RetentionPolicy policy, long nowMillis) {
        SealedSegments sealed = log.sealed();
        return RetentionRule.judge(sealed.list(), sealed.growing(), policy, nowMillis);
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StorageException cause ? cause : e;
        }
    }
}
