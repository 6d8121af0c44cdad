package io.leat.storage.api;

import java.util.Set;
import java.util.UUID;

/** All logs of one broker. */
public interface LogStore extends AutoCloseable {
    /**
     * Opens a log, and makes it if it is not there; recovers it first where the last stop was not
     * clean. Where the disk fails, the log is there and has {@link LogListener#failed}, until the
     * disk works again.
     *
     * @throws StorageException when it is open already
     */
    PartitionLog open(LogId id, LogConfig config, LogListener listener);

    /** Closes the log if it is open, and removes it; the space is freed in the background. */
    void delete(LogId id);

    /** The topics that have logs here, whether open or not: to find leftovers at start. */
    Set<UUID> topics();

    /** Closes every log and marks the stop as clean. Idempotent. */
    @Override
    void close();
}
