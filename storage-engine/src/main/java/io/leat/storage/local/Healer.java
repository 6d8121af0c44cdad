package io.leat.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings logs back that failed because their disk did, once it works again: now and then it writes
 * and forces a small file, and where that succeeds it lets every failing log be opened again from
 * the disk. The wait between two attempts doubles, from one second to thirty.
 *
 * <p>It keeps no list: whether a log needs it is known to the log. Any thread.
 */
final class Healer {
    private static final Logger LOG = LoggerFactory.getLogger(Healer.class);

    static final long WAIT_MILLIS_MIN = 1_000;
    static final long WAIT_MILLIS_MAX = 30_000;

    /** As much as {@link FileDisk} wants to be free before it calls a disk not full. */
    private static final int PROBE_BYTES = 1 << 20;

    private final Disk disk;
    private final Path probe;
    private final Workers workers;
    private final Workers.Crew crew;
    private final Supplier<List<SegmentedLog>> failing;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean stopped;

    // Guarded by this.
    private long waitMillis = WAIT_MILLIS_MIN;

    /**
     * @param root the directory to try the disk in
     * @param failing gives the logs that need healing at the moment
     */
    Healer(
            Disk disk,
            Path root,
            Workers workers,
            Workers.Crew crew,
            Supplier<List<SegmentedLog>> failing) {
        this.disk = disk;
        this.probe = root.resolve(".probe");
        this.workers = workers;
        this.crew = crew;
        this.failing = failing;
    }

    /** Some log has failed. */
    void wake() {
        if (!stopped && scheduled.compareAndSet(false, true)) {
            workers.later(
                    waitMillis(),
                    () -> {
                        if (!stopped) {
                            crew.submit(this::attempt);
                        }
                    });
        }
    }

    /** Nothing more is attempted, but what has begun may end later. */
    void stop() {
        stopped = true;
    }

    private synchronized long waitMillis() {
        return waitMillis;
    }

    private synchronized void noteAttempt(boolean healthy) {
        waitMillis = healthy ? WAIT_MILLIS_MIN : Math.min(2 * waitMillis, WAIT_MILLIS_MAX);
    }

    private void attempt() {
        // First: what fails from now on is scheduled anew, or seen below.
        scheduled.set(false);
        List<SegmentedLog> logs = failing.get();
        if (stopped || logs.isEmpty()) {
            return;
        }
        boolean healthy = works();
        noteAttempt(healthy);
        if (healthy) {
            logs.forEach(SegmentedLog::heal);
        }
        // Those that cannot be healed yet need another attempt.
        wake();
    }

    /** Whether files can be made, written, forced and removed. */
    private boolean works() {
        try {
            disk.delete(probe);
            try (DiskFile file = disk.open(probe, Disk.Access.CREATE)) {
                file.write(ByteBuffer.allocate(PROBE_BYTES), 0);
                file.force();
            } finally {
                disk.delete(probe);
            }
            return true;
        } catch (IOException e) {
            LOG.debug("the disk does not work yet: {}", Causes.text(e));
            return false;
        }
    }
}
