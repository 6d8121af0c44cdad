package io.leat.broker.erasure;

import io.leat.compaction.erasure.KeyHash;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Records that are not in a log yet. Any thread; all methods block on the disk. */
public interface PendingRecords {
    /**
     * Removes the records of some keys that were accepted before. None of them comes into a log
     * after this has returned.
     *
     * @return how many, by partition
     * @throws io.leat.storage.api.StorageException when they cannot be removed
     */
    Map<Integer, Integer> erase(UUID topicId, Set<KeyHash> keys);

    /**
     * Takes what was removed or delivered of a topic off the disk.
     *
     * @throws io.leat.storage.api.StorageException when the disk fails
     */
    void purge(UUID topicId);

    /** There are none. */
    PendingRecords NONE =
            new PendingRecords() {
                @Override
                public Map<Integer, Integer> erase(UUID topicId, Set<KeyHash> keys) {
                    return Map.of();
                }

                @Override
                public void purge(UUID topicId) {}
            };
}
