package io.leat.compaction.erasure;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;

/** Appends tombstones. */
final class Tombstones {
    private static final int BATCH_BYTES_MAX = 64 * 1024;

    private Tombstones() {}

    /**
     * Appends a tombstone for each key and waits until they are on disk.
     *
     * @throws StorageException when the log does not take them
     */
    static void append(PartitionLog log, List<byte[]> keys, long timestampMillis) {
        RecordBatchBuilder batch = batch();
        for (byte[] key : keys) {
            if (!batch.append(timestampMillis, key, null)) {
                append(log, batch.build());
                batch = batch();
                boolean added = batch.append(timestampMillis, key, null);
                assert added : "the first record always fits";
            }
        }
        if (batch.recordCount() > 0) {
            append(log, batch.build());
        }
    }

    private static RecordBatchBuilder batch() {
        return RecordBatchBuilder.growable(1024).sizeBytesMax(BATCH_BYTES_MAX);
    }

    private static void append(PartitionLog log, ByteBuffer batch) {
        switch (log.append(batch, Durability.FORCED).join()) {
            case AppendOutcome.Appended _, AppendOutcome.Duplicate _ -> {}
            case AppendOutcome.Refused refused ->
                    throw new StorageException(
                            "%s took no tombstone: %s".formatted(log.id(), refused.message()));
        }
    }
}
