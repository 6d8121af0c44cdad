package io.leat.compaction.segment;

import io.leat.storage.local.CrashDisk;
import io.leat.storage.local.Disk;
import io.leat.storage.local.DiskFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A {@link CrashDisk} that loses its power before a given change: a write, force, rename, delete or
 * whatever else leaves a trace, counted once {@link #arm} was called.
 */
public final class CuttingDisk implements Disk {
    private final CrashDisk disk;
    private final Path survivors;
    private final Random random;
    private long left = Long.MAX_VALUE;
    private boolean cut;

    public CuttingDisk(Path root, Path survivors, Random random) {
        this.disk = new CrashDisk(root);
        this.survivors = survivors;
        this.random = random;
    }

    /** From now on so many changes go well. */
    public synchronized void arm(long changes) {
        left = changes;
    }

    /** Cuts the power if that did not happen yet. */
    public synchronized void cutNow() throws IOException {
        if (!cut) {
            cut = true;
            disk.cutPower(survivors, random);
        }
    }

    public synchronized boolean isCut() {
        return cut;
    }

    private synchronized void change() throws IOException {
        if (left == 0) {
            cutNow();
        } else if (left != Long.MAX_VALUE) {
            left--;
        }
    }

    @Override
    public DiskFile open(Path file, Access access) throws IOException {
        if (access == Access.CREATE) {
            change();
        }
        return new CuttingFile(disk.open(file, access));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        change();
        disk.createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public long sizeBytes(Path file) throws IOException {
        return disk.sizeBytes(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        change();
        disk.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        change();
        disk.delete(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        change();
        disk.forceDirectory(directory);
    }

    @Override
    public Optional<ByteBuffer> readFromDisk(Path file, long position, int sizeBytes)
            throws IOException {
        return disk.readFromDisk(file, position, sizeBytes);
    }

    @Override
    public boolean isFull(Path path, IOException failure) {
        return disk.isFull(path, failure);
    }

    private final class CuttingFile implements DiskFile {
        private final DiskFile file;

        CuttingFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public long sizeBytes() throws IOException {
            return file.sizeBytes();
        }

        @Override
        public void write(ByteBuffer[] buffers, long position) throws IOException {
            change();
            file.write(buffers, position);
        }

        @Override
        public void read(ByteBuffer buffer, long position) throws IOException {
            file.read(buffer, position);
        }

        @Override
        public void force() throws IOException {
            change();
            file.force();
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            change();
            file.truncate(sizeBytes);
        }

        @Override
        public MemorySegment map(boolean writable, long spanBytes, Arena arena) throws IOException {
            return file.map(writable, spanBytes, arena);
        }

        @Override
        public FileChannel channel() {
            return file.channel();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
