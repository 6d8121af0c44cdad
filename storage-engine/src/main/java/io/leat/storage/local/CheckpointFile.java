package io.leat.storage.local;

import io.leat.storage.api.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One small record per log, all in one file, so that 10,000 logs cost one file to read at start and
 * one force at a clean stop.
 *
 * <pre>
 * entry i, at i * 256:   slot 0, 128 bytes | slot 1, 128 bytes
 *
 * slot:  int32 CRC-32C of what follows | int32 format, 1 | int64 sequence
 *        int128 topic id | int32 partition | int32 1 where producers have a snapshot
 *        int64 log start
 *        durable:  int64 offset | int64 segment base | int32 position
 *        indexed:  int64 offset | int64 segment base | int32 position
 *                  int32 offset entries | int32 time entries | int32 bytes since entry
 *                  int64 max timestamp | int64 its offset
 *        int64 last stable offset
 * </pre>
 *
 * <p>The valid slot with the higher sequence counts. After every group commit a log writes its
 * entry, which outlives a kill of the process; only some writes are forced. As long as a slot was
 * written after the last force it is written again, so that the other, which was forced, is whole
 * whatever a power cut does.
 *
 * <p>Any thread.
 */
final class CheckpointFile implements AutoCloseable {
    private static final String NAME = "checkpoints";
    private static final String REPLACEMENT = "checkpoints.new";
    private static final int SLOT_BYTES = 128;
    private static final int ENTRY_BYTES = 2 * SLOT_BYTES;
    private static final int FORMAT = 1;

    /** Names a log on disk. */
    record Key(UUID topicId, int partition) {}

    private final Disk disk;
    private final Path directory;
    // Entries are written under the read lock, the file is replaced under the write lock.
    private final ReentrantReadWriteLock replacing = new ReentrantReadWriteLock();
    private DiskFile file;
    // Whether a force failed, so that nothing is known of what this file holds on the disk.
    private volatile boolean doubted;
    private final Map<Key, Entry> entries = new HashMap<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int end;
    private final SharedForce sharedForce = new SharedForce(this::forceNow);
    // Forces begun and ended, to tell whether one covers a write: it must have begun after it.
    private volatile long forcesBegun;
    private volatile long lastForceDone;

    private CheckpointFile(Disk disk, Path directory, DiskFile file) {
        this.disk = disk;
        this.directory = directory;
        this.file = file;
    }

    /** Opens the file of a data directory, and makes it if it is not there. */
    static CheckpointFile open(Disk disk, Path root) throws IOException {
        Path path = root.resolve(NAME);
        disk.delete(root.resolve(REPLACEMENT));
        boolean fresh = !disk.exists(path);
        DiskFile file = disk.open(path, Disk.Access.CREATE);
        try {
            if (fresh) {
                file.force();
                disk.forceDirectory(root);
            }
            CheckpointFile checkpoints = new CheckpointFile(disk, root, file);
            checkpoints.load();
            return checkpoints;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Writes what was read once more, over itself: a force of it may have failed before, after
     * which the next would leave it out. For who opened it after another than a clean stop.
     */
    void writeAnew() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
        file.read(all, 0);
        write(all.flip(), 0);
    }

    private void load() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
        file.read(all, 0);
        all.flip();
        end = (all.limit() + ENTRY_BYTES - 1) / ENTRY_BYTES;
        for (int i = 0; i < end; i++) {
            Slot newest = null;
            int newestIndex = 0;
            for (int slot = 0; slot < 2; slot++) {
                int at = i * ENTRY_BYTES + slot * SLOT_BYTES;
                if (at + SLOT_BYTES <= all.limit()) {
                    Slot found = Slot.read(all.slice(at, SLOT_BYTES));
                    if (found != null && (newest == null || found.sequence > newest.sequence)) {
                        newest = found;
                        newestIndex = slot;
                    }
                }
            }
            if (newest == null || entries.containsKey(newest.key)) {
                free.add(i);
            } else {
                entries.put(newest.key, new Entry(i, newest, newestIndex));
            }
        }
    }

    /**
     * What a file's bytes say of each log.
     *
     * @param flaws told of what is neither empty nor whole: damage where both places of an entry
     *     are spoilt; of one alone a power cut may be the cause, and the other counts
     */
    static Map<Key, LogCheckpoint> read(ByteBuffer all, Consumer<StoredFile.Flaw> flaws) {
        Map<Key, LogCheckpoint> found = new HashMap<>();
        for (int at = 0; at < all.limit(); at += ENTRY_BYTES) {
            Slot newest = null;
            int spoilt = 0;
            for (int slot = at; slot < at + ENTRY_BYTES; slot += SLOT_BYTES) {
                if (slot + SLOT_BYTES > all.limit()) {
                    continue;
                }
                ByteBuffer bytes = all.slice(slot, SLOT_BYTES);
                boolean empty = bytes.equals(ByteBuffer.allocate(SLOT_BYTES));
                Slot read = Slot.read(bytes);
                spoilt += read == null && !empty ? 1 : 0;
                if (read != null && (newest == null || read.sequence > newest.sequence)) {
                    newest = read;
                }
            }
            if (newest != null) {
                found.putIfAbsent(newest.key, newest.checkpoint);
            }
            if (spoilt > 0) {
                flaws.accept(
                        new StoredFile.Flaw(
                                at,
                                newest == null,
                                newest == null
                                        ? "the entry of a log is damaged; its log is read as a"
                                                + " whole"
                                        : "one of two places is damaged; the other counts"));
            }
        }
        return found;
    }

    /** The entry of a log; a log without one gets an entry that says it is empty. */
    synchronized Entry entry(Key key) {
        return entries.computeIfAbsent(
                key,
                k -> {
                    Integer index = free.poll();
                    return new Entry(
                            index != null ? index : end++, new Slot(k, 0, LogCheckpoint.EMPTY), 1);
                });
    }

    synchronized boolean contains(Key key) {
        return entries.containsKey(key);
    }

    /** The logs that have entries. */
    synchronized Set<Key> keys() {
        return new HashSet<>(entries.keySet());
    }

    /** Forgets a log. */
    synchronized void remove(Key key) throws IOException {
        Entry entry = entries.remove(key);
        if (entry != null) {
            write(ByteBuffer.allocate(ENTRY_BYTES), (long) entry.index * ENTRY_BYTES);
            free.add(entry.index);
        }
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
        replacing.readLock().lock();
        try {
            file.write(bytes, position);
        } finally {
            replacing.readLock().unlock();
        }
    }

    /**
     * Makes all entries written before outlive a power cut. Once this has failed it fails until
     * {@link #heal}: a second force would prove nothing.
     */
    void force() throws IOException {
        sharedForce.force();
    }

    /**
     * Where a force has failed, writes all entries to a new file, which takes the place of the old.
     */
    synchronized void heal() throws IOException {
        if (!doubted) {
            return;
        }
        replacing.writeLock().lock();
        try {
            Path replacement = directory.resolve(REPLACEMENT);
            disk.delete(replacement);
            DiskFile fresh = disk.open(replacement, Disk.Access.CREATE);
            try {
                for (Entry entry : entries.values()) {
                    entry.copyTo(fresh);
                }
                fresh.force();
                disk.rename(replacement, directory.resolve(NAME));
                disk.forceDirectory(directory);
            } catch (IOException | RuntimeException e) {
                fresh.close();
                throw e;
            }
            DiskFile old = file;
            file = fresh;
            entries.values().forEach(Entry::copied);
            doubted = false;
            old.close();
        } finally {
            replacing.writeLock().unlock();
        }
    }

    /** One thread at a time. */
    private void forceNow() throws IOException {
        replacing.readLock().lock();
        try {
            if (doubted) {
                throw new IOException("a force of " + file.path() + " failed before");
            }
            long number = lastForceDone + 1;
            forcesBegun = number;
            doubted = true;
            file.force();
            doubted = false;
            lastForceDone = number;
        } finally {
            replacing.readLock().unlock();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** One log's place in the file. */
    final class Entry {
        private final int index;
        private final Key key;
        private long sequence;
        private volatile LogCheckpoint checkpoint;
        private int slot;
        // The forces that had begun when the slot was last written.
        private long writtenAfterForce;

        private Entry(int index, Slot newest, int slot) {
            this.index = index;
            this.key = newest.key;
            this.sequence = newest.sequence;
            this.checkpoint = newest.checkpoint;
            this.slot = slot;
            // What was read at start may never have been forced: take it as written just now.
            this.writtenAfterForce = forcesBegun;
        }

        LogCheckpoint checkpoint() {
            return checkpoint;
        }

        /**
         * Takes the space of an entry that was never written, so that a full disk shows before the
         * log has records.
         */
        void reserve() throws IOException {
            if (sequence == 0) {
                CheckpointFile.this.write(
                        ByteBuffer.allocate(ENTRY_BYTES), (long) index * ENTRY_BYTES);
            }
        }

        /**
         * Changes the checkpoint and writes it; {@link #force} forces it. Where that fails the
         * checkpoint stays as it was, and so does the slot before.
         */
        // The monitor is held over a write of 128 bytes: who waits for it would write there too.
        synchronized void update(UnaryOperator<LogCheckpoint> change) throws IOException {
            LogCheckpoint fresh = change.apply(checkpoint);
            replacing.readLock().lock();
            try {
                boolean other = sequence == 0 || lastForceDone > writtenAfterForce;
                int target = other ? 1 - slot : slot;
                file.write(
                        new Slot(key, sequence + 1, fresh).bytes(),
                        (long) index * ENTRY_BYTES + (long) target * SLOT_BYTES);
                slot = target;
                sequence++;
                checkpoint = fresh;
                writtenAfterForce = forcesBegun;
            } finally {
                replacing.readLock().unlock();
            }
        }

        /** Writes what was written last to the slot of the same number, in another file. */
        private void copyTo(DiskFile fresh) throws IOException {
            if (sequence > 0) {
                fresh.write(
                        new Slot(key, sequence, checkpoint).bytes(),
                        (long) index * ENTRY_BYTES + (long) slot * SLOT_BYTES);
            }
        }

        /** It is forced there, and the other slot has nothing. */
        private void copied() {
            writtenAfterForce = -1;
        }
    }

    private record Slot(Key key, long sequence, LogCheckpoint checkpoint) {
        ByteBuffer bytes() {
            ByteBuffer out = ByteBuffer.allocate(SLOT_BYTES);
            IndexedEnd indexed = checkpoint.indexed();
            out.putInt(0).putInt(FORMAT).putLong(sequence);
            out.putLong(key.topicId.getMostSignificantBits());
            out.putLong(key.topicId.getLeastSignificantBits());
            out.putInt(key.partition).putInt(checkpoint.producers() ? 1 : 0);
            out.putLong(checkpoint.logStart());
            put(out, checkpoint.durable());
            put(out, indexed.at());
            out.putInt(indexed.offsetEntries()).putInt(indexed.timeEntries());
            out.putInt(indexed.bytesSinceEntry());
            out.putLong(indexed.maxTimestampMillis()).putLong(indexed.maxTimestampOffset());
            out.putLong(checkpoint.lastStable());
            out.clear();
            return out.putInt(0, crc(out));
        }

        /** The slot in {@code in}, or null where there is none that is whole. */
        static @Nullable Slot read(ByteBuffer in) {
            if (in.getInt() != crc(in) || in.getInt() != FORMAT) {
                return null;
            }
            long sequence = in.getLong();
            Key key = new Key(new UUID(in.getLong(), in.getLong()), in.getInt());
            boolean producers = in.getInt() != 0;
            long logStart = in.getLong();
            LogPosition durable = position(in);
            IndexedEnd indexed =
                    new IndexedEnd(
                            position(in),
                            in.getInt(),
                            in.getInt(),
                            in.getInt(),
                            in.getLong(),
                            in.getLong());
            long lastStable = in.getLong();
            return new Slot(
                    key,
                    sequence,
                    new LogCheckpoint(logStart, durable, lastStable, indexed, producers));
        }

        private static void put(ByteBuffer out, LogPosition position) {
            out.putLong(position.offset()).putLong(position.segmentBase());
            out.putInt(position.position());
        }

        private static LogPosition position(ByteBuffer in) {
            return new LogPosition(in.getLong(), in.getLong(), in.getInt());
        }

        private static int crc(ByteBuffer slot) {
            CRC32C crc = new CRC32C();
            crc.update(slot.duplicate().position(Integer.BYTES).limit(SLOT_BYTES));
            return (int) crc.getValue();
        }
    }
}
