package io.leat.storage.local;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The machine's file system. */
public final class FileDisk implements Disk {
    /** Below this a failed write is put down to a full disk, whatever words the system used. */
    private static final long FULL_BELOW_BYTES = 1 << 20;

    @Override
    public DiskFile open(Path file, Access access) throws IOException {
        return switch (access) {
            case READ -> new ChannelFile(file, FileChannel.open(file, StandardOpenOption.READ));
            case WRITE ->
                    new ChannelFile(
                            file,
                            FileChannel.open(
                                    file, StandardOpenOption.READ, StandardOpenOption.WRITE));
            case CREATE ->
                    new ChannelFile(
                            file,
                            FileChannel.open(
                                    file,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.CREATE));
        };
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (NoSuchFileException e) {
            // Removed just now.
            return List.of();
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public long sizeBytes(Path file) throws IOException {
        return Files.size(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public boolean isFull(Path path, IOException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("No space left") || message.contains("quota exceeded")) {
            return true;
        }
        // The message is in the language of the system, so ask the file system too.
        try {
            return Files.getFileStore(path).getUsableSpace() < FULL_BELOW_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private record ChannelFile(Path path, FileChannel channel) implements DiskFile {
        @Override
        public long sizeBytes() throws IOException {
            return channel.size();
        }

        @Override
        public void write(ByteBuffer[] buffers, long position) throws IOException {
            if (buffers.length == 1) {
                long at = position;
                while (buffers[0].hasRemaining()) {
                    at += channel.write(buffers[0], at);
                }
                return;
            }
            long left = 0;
            for (ByteBuffer buffer : buffers) {
                left += buffer.remaining();
            }
            channel.position(position);
            while (left > 0) {
                left -= channel.write(buffers);
            }
        }

        @Override
        public void read(ByteBuffer buffer, long position) throws IOException {
            long at = position;
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, at);
                if (count < 0) {
                    return;
                }
                at += count;
            }
        }

        @Override
        public void force() throws IOException {
            // fdatasync: of the metadata it forces what is needed to read the data back, the size
            // and the block map among it. Times of access and change can wait.
            channel.force(false);
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            channel.truncate(sizeBytes);
        }

        @Override
        public MemorySegment map(boolean writable, long spanBytes, Arena arena) throws IOException {
            // The JDK grows the file to the span of the mapping. Cut it back: the mapping stays,
            // and
            // shows what is appended later (mmap(2) on Linux and macOS, as LMDB relies on it too).
            // Better than a file with a tail of zeros, and than a new mapping for every growth.
            long sizeBytes = channel.size();
            MapMode mode = writable ? MapMode.READ_WRITE : MapMode.READ_ONLY;
            MemorySegment mapping = channel.map(mode, 0, spanBytes, arena);
            if (spanBytes > sizeBytes) {
                channel.truncate(sizeBytes);
            }
            return mapping;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
