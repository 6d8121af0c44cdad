package io.leat.broker.cleaning;

import io.leat.broker.config.TopicKeys;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.TopicConfig;
import io.leat.compaction.cleaning.CleanPoint;
import io.leat.compaction.cleaning.CleaningPolicy;
import io.leat.compaction.cleaning.CleaningReport;
import io.leat.compaction.cleaning.Dirt;
import java.util.Optional;

/** The compaction of one partition. Any thread; the one that cleans is the only one that does. */
final class PartitionCleaning {
    private static final long PAUSE_MILLIS_MAX = 3_600_000;

    private final CleaningStore.Key key;
    private final Partition partition;
    private volatile CleaningState state;
    private volatile Optional<Dirt> dirt = Optional.empty();
    private volatile Optional<String> problem = Optional.empty();
    private volatile boolean running;
    private volatile boolean unfinished;
    private volatile boolean cancelled;
    private int failures;
    private long retryMillis = Long.MIN_VALUE;

    PartitionCleaning(CleaningStore.Key key, Partition partition, CleaningState state) {
        this.key = key;
        this.partition = partition;
        this.state = state;
    }

    static CleaningPolicy policy(TopicConfig topic) {
        return new CleaningPolicy(
                topic.get(TopicKeys.DELETE_RETENTION_MS),
                topic.get(TopicKeys.MIN_COMPACTION_LAG_MS),
                topic.get(TopicKeys.MAX_COMPACTION_LAG_MS),
                topic.get(TopicKeys.MIN_CLEANABLE_DIRTY_RATIO),
                topic.get(TopicKeys.SEGMENT_BYTES));
    }

    CleaningStore.Key key() {
        return key;
    }

    Partition partition() {
        return partition;
    }

    CleaningState state() {
        return state;
    }

    CleanPoint point() {
        return state.point();
    }

    /** How dirty it was when it was looked at last. */
    Optional<Dirt> dirt() {
        return dirt;
    }

    void dirt(Dirt seen) {
        dirt = Optional.of(seen);
    }

    /** Why it is not compacted, as long as it is not. */
    Optional<String> problem() {
        return problem;
    }

    boolean running() {
        return running;
    }

    /** Whether the last pass could not do all, and another one has to follow. */
    boolean unfinished() {
        return unfinished;
    }

    /** The topic is gone. */
    void cancel() {
        cancelled = true;
    }

    boolean cancelled() {
        return cancelled;
    }

    /** Whether nobody works on it, and nothing has to be waited for. */
    boolean free(long nowMillis) {
        return !running && !cancelled && nowMillis >= retryMillis && partition.failure().isEmpty();
    }

    void begin() {
        running = true;
    }

    void end() {
        running = false;
    }

    void cleaned(CleaningReport report, long nowMillis) {
        state =
                new CleaningState(
                        report.reached(), nowMillis, report.recordsRemoved(), report.bytesFreed());
        unfinished = !report.complete();
        problem = Optional.empty();
        failures = 0;
    }

    /**
     * It did not work.
     *
     * @return whether that is news
     */
    boolean failed(String why, long nowMillis, long backoffMillis) {
        long pause = backoffMillis << Math.min(failures, 10);
        retryMillis = nowMillis + Math.min(Math.max(pause, backoffMillis), PAUSE_MILLIS_MAX);
        failures++;
        boolean news = !problem.equals(Optional.of(why));
        problem = Optional.of(why);
        return news;
    }

    @Override
    public String toString() {
        return partition.id().toString();
    }
}
