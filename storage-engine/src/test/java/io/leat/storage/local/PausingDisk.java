package io.leat.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The machine's file system, of which a copy can be taken as of one instant, as a kill leaves it:
 * between the calls that change something, never within one. Stores into mappings go on.
 */
final class PausingDisk extends ForwardingDisk {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private interface Change {
        void make() throws IOException;
    }

    /** Copies a directory of this disk to a place where nothing is yet. */
    void copy(Path from, Path to) throws IOException {
        locked(lock.writeLock(), () -> FileTree.copy(from, to));
    }

    private void change(Change change) throws IOException {
        locked(lock.readLock(), change);
    }

    private static void locked(Lock lock, Change change) throws IOException {
        lock.lock();
        try {
            change.make();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public DiskFile open(Path file, Access access) throws IOException {
        lock.readLock().lock();
        try {
            return new PausingFile(super.open(file, access));
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        change(() -> super.createDirectories(directory));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        change(() -> super.rename(from, to));
    }

    @Override
    public void delete(Path path) throws IOException {
        change(() -> super.delete(path));
    }

    private final class PausingFile extends ForwardingFile {
        PausingFile(DiskFile file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer[] buffers, long position) throws IOException {
            change(() -> super.write(buffers, position));
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            change(() -> super.truncate(sizeBytes));
        }
    }
}
