package io.leat.broker.partition;

import io.leat.storage.api.Damage;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.LogStore;
import io.leat.storage.api.PartitionLog;
import java.util.List;
import java.util.Optional;

/**
 * A partition's log together with the fetches that wait for it. Any thread may use it.
 *
 * <p>There is one broker: it leads every partition, in leader epoch {@value #LEADER_EPOCH}, for
 * ever.
 */
public final class Partition {
    public static final int LEADER_EPOCH = 0;

    private final PartitionLog log;
    private final FetchWaiters waiters;
    private final Watch watch;

    private Partition(PartitionLog log, FetchWaiters waiters, Watch watch) {
        this.log = log;
        this.waiters = waiters;
        this.watch = watch;
    }

    /**
     * Opens a partition's log, and makes it if it is not there. One whose disk fails does not keep
     * the others from working: it has a {@link #failure} until its disk works again.
     */
    public static Partition open(LogStore store, LogId id, LogConfig config) {
        FetchWaiters waiters = new FetchWaiters();
        Watch watch = new Watch(waiters);
        return new Partition(store.open(id, config, watch), waiters, watch);
    }

    public LogId id() {
        return log.id();
    }

    public int number() {
        return log.id().partition();
    }

    public PartitionLog log() {
        return log;
    }

    public FetchWaiters waiters() {
        return waiters;
    }

    /** The end of what consumers may read: what is durable. */
    public long highWatermark() {
        return log.bounds().durableEnd();
    }

    /** The end of what {@code read_committed} consumers may read. */
    public long lastStableOffset() {
        return log.bounds().lastStable();
    }

    /** Why the log does not work as it should, as long as it does not. */
    public Optional<String> failure() {
        return watch.cause;
    }

    /** The parts of the log that are known to be damaged: all else works. Usually none. */
    public List<Damage> damages() {
        return log.sealed().damages();
    }

    /** Hears from the log. */
    private static final class Watch implements LogListener {
        private final FetchWaiters waiters;
        private volatile Optional<String> cause = Optional.empty();

        private Watch(FetchWaiters waiters) {
            this.waiters = waiters;
        }

        @Override
        public void moved(LogId id, LogBounds bounds) {
            waiters.wake();
        }

        @Override
        public void failed(LogId id, String why) {
            cause = Optional.of(why);
            waiters.wake();
        }

        @Override
        public void damaged(LogId id, Damage damage) {
            waiters.wake();
        }

        @Override
        public void healed(LogId id) {
            cause = Optional.empty();
            waiters.wake();
        }
    }
}
