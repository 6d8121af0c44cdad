package io.leat.storage.rocks;

import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.StoredFile;
import io.leat.storage.system.ForceCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link StateStore} in RocksDB: one column family, small buffers, few threads and files, bounded
 * logs.
 *
 * <p>Any thread. Writes are in the write-ahead log when they return, and forced there if durable.
 *
 * <p>After a failed write RocksDB refuses all others until it is opened again. Meanwhile reads go
 * on and writes fail with the cause. Once the disk works, the database is opened again: what the
 * failed write left in its log is replayed then, and taken back, since it was answered with an
 * error. Until then reads may show a write whose force alone is in doubt; see {@link ForceCheck}.
 */
public final class RocksStateStore implements StateStore {
    private static final Logger LOG = LoggerFactory.getLogger(RocksStateStore.class);

    /** What a store is for. */
    public enum Use {
        /** Megabytes of state that is read into memory at start and written from time to time. */
        STATE(
                "coordinators' state",
                "then topics, groups and offsets are gone, and the records stay in logs",
                4 << 20,
                4 << 20,
                CompressionType.NO_COMPRESSION),
        /** Records by the million, of which the memory holds few. */
        RECORDS(
                "pending records",
                "then they are gone, and all else stays",
                16 << 20,
                16 << 20,
                CompressionType.LZ4_COMPRESSION);

        private final String content;
        private final String loss;
        private final long writeBufferBytes;
        private final long blockCacheBytes;
        private final CompressionType compression;

        Use(
                String content,
                String loss,
                long writeBufferBytes,
                long blockCacheBytes,
                CompressionType compression) {
            this.content = content;
            this.loss = loss;
            this.writeBufferBytes = writeBufferBytes;
            this.blockCacheBytes = blockCacheBytes;
            this.compression = compression;
        }
    }

    private static final long INFO_LOG_BYTES_MAX = 1 << 20;
    private static final int PROBE_BYTES = 1 << 20;
    private static final long HEAL_WAIT_MILLIS_MIN = 1_000;
    private static final long HEAL_WAIT_MILLIS_MAX = 30_000;

    private final Path directory;
    private final ForceCheck check;
    private final LRUCache cache;
    private final Options options;
    private final WriteOptions durableWrite = new WriteOptions().setSync(true);
    private final WriteOptions plainWrite = new WriteOptions();
    private final ReadOptions scanRead = new ReadOptions().setFillCache(false);
    private final CountDownLatch closing = new CountDownLatch(1);
    // A call into a closed database would crash the process: closing excludes all others.
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    // Held by writes, shared.
    private final ReentrantReadWriteLock writing = new ReentrantReadWriteLock();

    // Changed under the write lock only. Null where it was closed and could not be opened again.
    private @Nullable RocksDB db;
    private boolean closed;

    private volatile @Nullable String failure;
    private final DoubtfulKeys doubtful;

    private RocksStateStore(
            Path directory, ForceCheck check, LRUCache cache, Options options, RocksDB db) {
        this.directory = directory;
        this.check = check;
        this.doubtful = new DoubtfulKeys(directory);
        this.cache = cache;
        this.options = options;
        this.db = db;
    }

    /**
     * Opens the store in a directory, and makes it if it is not there.
     *
     * @throws StorageException when it cannot be read or written, or is in use
     */
    public static RocksStateStore open(Path directory) {
        return open(directory, Use.STATE);
    }

    /** As {@link #open(Path)}, made for a use. */
    public static RocksStateStore open(Path directory, Use use) {
        try {
            Files.createDirectories(directory);
            return open(directory, use, ForceCheck.in(directory));
        } catch (IOException e) {
            throw cannotBeOpened(directory, use, e);
        }
    }

    /** A store in a directory that is there, which asks {@code check} after each durable write. */
    // Owned by the store, which frees them when it is closed.
    @SuppressWarnings("MustBeClosedChecker")
    static RocksStateStore open(Path directory, Use use, ForceCheck check) {
        NativeLibrary.load();
        LRUCache cache = new LRUCache(use.blockCacheBytes, 0);
        Options options = options(cache, use);
        try {
            return new RocksStateStore(
                    directory, check, cache, options, RocksDB.open(options, directory.toString()));
        } catch (RocksDBException e) {
            options.close();
            cache.close();
            throw cannotBeOpened(directory, use, e);
        }
    }

    private static StorageException cannotBeOpened(Path directory, Use use, Exception e) {
        return new StorageException(
                "state in %s cannot be opened: %s%s"
                        .formatted(directory, oneLine(e), wayOut(e, use)),
                e);
    }

    private static String oneLine(Exception e) {
        return String.valueOf(e.getMessage())
                .strip()
                .replaceAll("\\s+", " ")
                .replaceAll("\\.$", "");
    }

    /** What to do where the files are damaged: no restart helps then. */
    private static String wayOut(Exception e, Use use) {
        boolean damaged =
                e instanceof RocksDBException rocks
                        && rocks.getStatus() != null
                        && rocks.getStatus().getCode() == Status.Code.Corruption;
        return damaged ? "; put a backup of it in its place, or move it away: " + use.loss : "";
    }

    /**
     * Reads a store in a directory that nobody else uses, with all checksums. Nothing is changed.
     *
     * @return what was found; nothing where there is no store
     */
    // Both are closed.
    @SuppressWarnings("MustBeClosedChecker")
    public static Optional<StoredFile> verify(Path directory, Use use) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        NativeLibrary.load();
        long entries = 0;
        List<StoredFile.Flaw> flaws = new ArrayList<>();
        try (LRUCache cache = new LRUCache(use.blockCacheBytes, 0);
                Options options =
                        options(cache, use).setDbLogDir(System.getProperty("java.io.tmpdir"));
                RocksDB db = RocksDB.openReadOnly(options, directory.toString());
                ReadOptions read = new ReadOptions().setVerifyChecksums(true);
                RocksIterator each = db.newIterator(read)) {
            db.verifyChecksum();
            for (each.seekToFirst(); each.isValid(); each.next()) {
                entries++;
            }
            each.status();
        } catch (RocksDBException e) {
            flaws.add(new StoredFile.Flaw(-1, true, String.valueOf(e.getMessage())));
        }
        return Optional.of(
                new StoredFile(
                        use.content,
                        String.valueOf(directory.getFileName()),
                        0,
                        entries + " entries",
                        flaws));
    }

    private static Options options(LRUCache cache, Use use) {
        return new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(
                        new BlockBasedTableConfig()
                                .setBlockCache(cache)
                                .setCacheIndexAndFilterBlocks(use == Use.RECORDS))
                .setCompressionType(use.compression)
                .setWriteBufferSize(use.writeBufferBytes)
                .setMaxWriteBufferNumber(2)
                .setMaxTotalWalSize(4 * use.writeBufferBytes)
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
        return whileOpen(db -> {
            try {
                return Optional.ofNullable(db.get(key));
            } catch (RocksDBException e) {
                throw failure("read", e);
            }
        });
    }

    @Override
    public void scan(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
        whileOpen(db -> {
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

    @Override
    public void scan(byte[] from, byte[] to, Visitor visitor) {
        whileOpen(db -> {
            try (Slice end = new Slice(to);
                    ReadOptions read =
                            new ReadOptions().setFillCache(false).setIterateUpperBound(end);
                    RocksIterator entries = db.newIterator(read)) {
                entries.seek(from);
                while (entries.isValid() && visitor.visit(entries.key(), entries.value())) {
                    entries.next();
                }
                entries.status();
                return true;
            } catch (RocksDBException e) {
                throw failure("read", e);
            }
        });
    }

    @Override
    public void purge(byte[] from, byte[] to) {
        whileOpen(db -> {
            awaitWrites();
            try (CompactRangeOptions all =
                    new CompactRangeOptions()
                            .setBottommostLevelCompaction(BottommostLevelCompaction.kForce)
                            .setExclusiveManualCompaction(true)) {
                db.compactRange(db.getDefaultColumnFamily(), from, to, all);
                return true;
            } catch (RocksDBException e) {
                throw failure("compacted", e);
            }
        });
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public void write(List<Write> writes, boolean durable) {
        whileOpen(db -> {
            String known = failure;
            if (known != null) {
                throw new StorageException(known);
            }
            writing.readLock().lock();
            try {
                write(db, writes, durable);
                return true;
            } finally {
                writing.readLock().unlock();
            }
        });
    }

    private void write(RocksDB db, List<Write> writes, boolean durable) {
        Snapshot before = db.getSnapshot();
        try (WriteBatch batch = new WriteBatch()) {
            for (Write write : writes) {
                switch (write) {
                    case Write.Put put -> batch.put(put.key(), put.value());
                    case Write.Delete delete -> batch.delete(delete.key());
                    case Write.DeleteRange range -> batch.deleteRange(range.from(), range.to());
                }
            }
            db.write(durable ? durableWrite : plainWrite, batch);
            if (durable) {
                check.afterForce();
            }
        } catch (RocksDBException | IOException e) {
            StorageException failed = failure("written", e);
            doubtful.add(db, writes, before);
            fail(String.valueOf(failed.getMessage()));
            throw failed;
        } finally {
            db.releaseSnapshot(before);
            before.close();
        }
    }

    /** Until then their snapshots keep what was there when they began. */
    private void awaitWrites() {
        writing.writeLock().lock();
        try {
            assert writing.getReadLockCount() == 0;
        } finally {
            writing.writeLock().unlock();
        }
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** A write failed: none is tried any more until the database was opened again. */
    private void fail(String cause) {
        synchronized (doubtful) {
            if (failure != null) {
                return;
            }
            failure = cause;
        }
        LOG.error("{}; nothing is written until that works", cause);
        Thread.ofPlatform().daemon().name("leat-state-heal").start(this::heal);
    }

    /** Its own thread, as long as nothing can be written. */
    private void heal() {
        long waitMillis = HEAL_WAIT_MILLIS_MIN;
        while (!closesWithin(waitMillis)) {
            if (diskWorks() && reopened()) {
                LOG.info("state in {} is written again", directory);
                return;
            }
            waitMillis = Math.min(2 * waitMillis, HEAL_WAIT_MILLIS_MAX);
        }
    }

    private boolean closesWithin(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts it on purpose; a heal that is missed is worse than one too early.
            return false;
        }
    }

    /** Whether a file can be made, written, forced and removed beside the database. */
    private boolean diskWorks() {
        Path probe = directory.resolveSibling(directory.getFileName() + ".probe");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            probe,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                ByteBuffer zeros = ByteBuffer.allocate(PROBE_BYTES);
                while (zeros.hasRemaining()) {
                    channel.write(zeros);
                }
                channel.force(true);
            } finally {
                Files.deleteIfExists(probe);
            }
            return true;
        } catch (IOException e) {
            LOG.debug("state in {}: the disk does not work yet: {}", directory, e.toString());
            return false;
        }
    }

    private boolean reopened() {
        lock.writeLock().lock();
        try {
            if (closed) {
                return true;
            }
            RocksDB old = db;
            db = null;
            if (old != null) {
                old.close();
            }
            // Replays its log, and writes what was in it to a new file.
            RocksDB fresh = RocksDB.open(options, directory.toString());
            db = fresh;
            takeBackDoubtful(fresh);
            failure = null;
            return true;
        } catch (RocksDBException | IOException e) {
            LOG.debug("state in {} cannot be opened again yet: {}", directory, e.getMessage());
            return false;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void takeBackDoubtful(RocksDB fresh) throws RocksDBException, IOException {
        try (WriteBatch batch = new WriteBatch()) {
            doubtful.putBack(batch);
            fresh.write(durableWrite, batch);
            check.afterForce();
        }
        doubtful.clear();
    }

    private <T> T whileOpen(Function<RocksDB, T> action) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new StorageException("state in " + directory + " is closed");
            }
            RocksDB open = db;
            if (open == null) {
                throw new StorageException(
                        failure().orElse("state in " + directory + " is not open"));
            }
            return action.apply(open);
        } finally {
            lock.readLock().unlock();
        }
    }

    private StorageException failure(String verb, Exception e) {
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
            closing.countDown();
            if (db != null) {
                syncAndClose(db);
            }
            durableWrite.close();
            plainWrite.close();
            scanRead.close();
            options.close();
            cache.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void syncAndClose(RocksDB open) {
        try {
            open.syncWal();
        } catch (RocksDBException e) {
            LOG.warn(
                    "state in {}: the last writes may not be durable: {}",
                    directory,
                    e.getMessage());
        }
        open.close();
    }
}
