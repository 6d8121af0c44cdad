package io.leat.storage.rocks;

import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link StateStore} in RocksDB, tuned for megabytes of state and not for gigabytes: one column
 * family, small buffers, few threads and files, bounded logs.
 *
 * <p>Any thread. Writes are in the write-ahead log when they return, and forced there if durable.
 */
public final class RocksStateStore implements StateStore {
    private static final Logger LOG = LoggerFactory.getLogger(RocksStateStore.class);
    private static final long WRITE_BUFFER_BYTES = 4 << 20;
    private static final long BLOCK_CACHE_BYTES = 4 << 20;
    private static final long INFO_LOG_BYTES_MAX = 1 << 20;

    private final Path directory;
    private final LRUCache cache;
    private final Options options;
    private final RocksDB db;
    private final WriteOptions durableWrite = new WriteOptions().setSync(true);
    private final WriteOptions plainWrite = new WriteOptions();
    private final ReadOptions scanRead = new ReadOptions().setFillCache(false);
    // A call into a closed database would crash the process: closing excludes all others.
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private RocksStateStore(Path directory, LRUCache cache, Options options, RocksDB db) {
        this.directory = directory;
        this.cache = cache;
        this.options = options;
        this.db = db;
    }

    /**
     * Opens the store in a directory, and makes it if it is not there.
     *
     * @throws StorageException when it cannot be read or written, or is in use
     */
    // Owned by the store, which frees them when it is closed.
    @SuppressWarnings("MustBeClosedChecker")
    public static RocksStateStore open(Path directory) {
        NativeLibrary.load();
        LRUCache cache = new LRUCache(BLOCK_CACHE_BYTES, 0);
        Options options = options(cache);
        try {
            Files.createDirectories(directory);
            return new RocksStateStore(
                    directory, cache, options, RocksDB.open(options, directory.toString()));
        } catch (RocksDBException | IOException e) {
            options.close();
            cache.close();
            throw new StorageException(
                    "state in %s cannot be opened: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private static Options options(LRUCache cache) {
        return new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache))
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(2)
                .setMaxTotalWalSize(4 * WRITE_BUFFER_BYTES)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(64)
                .setSkipStatsUpdateOnDbOpen(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(INFO_LOG_BYTES_MAX)
                .setKeepLogFileNum(2)
                // The write-ahead log, which close() forces, is as good and costs no flush.
                .setAvoidFlushDuringShutdown(true);
    }

    @Override
    public Optional<byte[]> get(byte[] key) {
        return whileOpen(() -> {
            try {
                return Optional.ofNullable(db.get(key));
            } catch (RocksDBException e) {
                throw failure("read", e);
            }
        });
    }

    @Override
    public void scan(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
        whileOpen(() -> {
            try (RocksIterator entries = db.newIterator(scanRead)) {
                entries.seek(prefix);
                while (entries.isValid() && startsWith(entries.key(), prefix)) {
                    visitor.accept(entries.key(), entries.value());
                    entries.next();
                }
                entries.status();
                return true;
            } catch (RocksDBException e) {
                throw failure("read", e);
            }
        });
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public void write(List<Write> writes, boolean durable) {
        whileOpen(() -> {
            try (WriteBatch batch = new WriteBatch()) {
                for (Write write : writes) {
                    switch (write) {
                        case Write.Put put -> batch.put(put.key(), put.value());
                        case Write.Delete delete -> batch.delete(delete.key());
                    }
                }
                db.write(durable ? durableWrite : plainWrite, batch);
                return true;
            } catch (RocksDBException e) {
                throw failure("written", e);
            }
        });
    }

    private <T> T whileOpen(Supplier<T> action) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new StorageException("state in " + directory + " is closed");
            }
            return action.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private StorageException failure(String verb, RocksDBException e) {
        return new StorageException(
                "state in %s cannot be %s: %s".formatted(directory, verb, e.getMessage()), e);
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            try {
                db.syncWal();
            } catch (RocksDBException e) {
                LOG.warn(
                        "state in {}: the last writes may not be durable: {}",
                        directory,
                        e.getMessage());
            }
            db.close();
            durableWrite.close();
            plainWrite.close();
            scanRead.close();
            options.close();
            cache.close();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
