package io.leat.storage.local;

import io.leat.storage.system.FileSystemType.Overwrite;
import io.leat.storage.system.ForceCheck;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The machine's file system; what extends it changes a part. */
class ForwardingDisk implements Disk {
    private final FileDisk files = new FileDisk(ForceCheck.NONE, Overwrite.IN_PLACE);

    @Override
    public DiskFile open(Path file, Access access) throws IOException {
        return files.open(file, access);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        files.createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return files.list(directory);
    }

    @Override
    public boolean exists(Path path) {
        return files.exists(path);
    }

    @Override
    public long sizeBytes(Path file) throws IOException {
        return files.sizeBytes(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        files.delete(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        files.forceDirectory(directory);
    }

    @Override
    public Optional<ByteBuffer> readFromDisk(Path file, long position, int sizeBytes)
            throws IOException {
        return files.readFromDisk(file, position, sizeBytes);
    }

    @Override
    public Optional<RoomSteps> readyRoom() {
        return files.readyRoom();
    }

    @Override
    public boolean isFull(Path path, IOException failure) {
        return files.isFull(path, failure);
    }

    /** An open file; what extends it changes a part. */
    static class ForwardingFile implements DiskFile {
        private final DiskFile file;

        ForwardingFile(DiskFile file) {
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
            file.write(buffers, position);
        }

        @Override
        public void read(ByteBuffer buffer, long position) throws IOException {
            file.read(buffer, position);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            file.truncate(sizeBytes);
        }

        @Override
        public boolean makeReady(long from, long to) {
            return file.makeReady(from, to);
        }

        @Override
        public boolean beginWriteOut(long from, long to) throws IOException {
            return file.beginWriteOut(from, to);
        }

        @Override
        public void endWriteOut(long from, long to) throws IOException {
            file.endWriteOut(from, to);
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
