package io.leat.storage.rocks;

import io.leat.storage.api.StateStore.Write;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keys had before writes that failed: the write-ahead log may have what failed, and memory too
 * where only its force did. Any thread.
 */
final class DoubtfulKeys {
    private static final Logger LOG = LoggerFactory.getLogger(DoubtfulKeys.class);

    private final Path directory;
    // Guarded by this.
    private final TreeMap<byte[], Optional<byte[]>> values = new TreeMap<>(Arrays::compareUnsigned);

    /**
     * @param directory whose state it is, for messages
     */
    DoubtfulKeys(Path directory) {
        this.directory = directory;
    }

    /** Writes failed; {@code before} was taken before them. */
    synchronized void add(RocksDB db, List<Write> writes, Snapshot before) {
        try (ReadOptions read = new ReadOptions().setSnapshot(before)) {
            for (Write write : writes) {
                switch (write) {
                    case Write.Put put -> add(db, put.key(), read);
                    case Write.Delete delete -> add(db, delete.key(), read);
                    // Ranges are deleted of what is gone for good: that it comes too early is no
                    // harm.
                    case Write.DeleteRange range -> {}
                }
            }
        }
    }

    private void add(RocksDB db, byte[] key, ReadOptions before) {
        try {
            values.putIfAbsent(key, Optional.ofNullable(db.get(before, key)));
        } catch (RocksDBException e) {
            LOG.warn("state in {}: a failed write may show later", directory);
        }
    }

    /** The writes that give all keys what they had. */
    synchronized void putBack(WriteBatch batch) throws RocksDBException {
        for (Map.Entry<byte[], Optional<byte[]>> entry : values.entrySet()) {
            if (entry.getValue().isPresent()) {
                batch.put(entry.getKey(), entry.getValue().get());
            } else {
                batch.delete(entry.getKey());
            }
        }
    }

    /** What was put back is durable. */
    synchronized void clear() {
        values.clear();
    }
}
