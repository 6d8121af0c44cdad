package io.leat.broker.partition;

import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.LogStore;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's log together with the fetches that wait for it. Any thread may use it.
 *
 * <p>There is one broker: it leads every partition, in leader epoch {@value #LEADER_EPOCH}, for
 * ever.
 */
public final class Partition {
    public static final int LEADER_EPOCH = 0;

    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    private final PartitionLog log;
    private final FetchWaiters waiters;
    private final Watch watch;

    private Partition(PartitionLog log, FetchWaiters waiters, Watch watch) {
        this.log = log;
        this.waiters = waiters;
        this.watch = watch;
    }

    /**
     * Opens a partition's log, and makes it if it is not there. One that cannot be opened does not
     * keep the others from working: it is logged, and everything asked of it fails.
     */
    public static Partition open(LogStore store, LogId id, LogConfig config) {
        try {
            return create(store, id, config);
        } catch (StorageException e) {
            LOG.error("Partition {} is offline: {}", id, e.getMessage());
            FetchWaiters waiters = new FetchWaiters();
            Watch watch = new Watch(waiters);
            watch.cause = Optional.of(String.valueOf(e.getMessage()));
            return new Partition(new BrokenLog(id, String.valueOf(e.getMessage())), waiters, watch);
        }
    }

    /**
     * Opens a partition's log, and makes it if it is not there.
     *
     * @throws StorageException when that is not possible
     */
    public static Partition create(LogStore store, LogId id, LogConfig config) {
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

    /** Why the log does not work, if so. */
    public Optional<String> failure() {
        return watch.cause;
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
            LOG.error("Partition {} is offline: {}", id, why);
            cause = Optional.of(why);
            waiters.wake();
        }
    }
}
