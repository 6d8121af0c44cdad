package io.leat.storage.local;

import io.leat.storage.system.FileSystemType;
import io.leat.storage.system.FileSystemType.Overwrite;
import io.leat.storage.system.ForceCheck;
import io.leat.storage.system.WriteOut;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine's file system. */
public final class FileDisk implements Disk {
    /** Below this a failed write is put down to a full disk, whatever words the system used. */
    private static final long FULL_BELOW_BYTES = 1 << 20;

    private static final Optional<OpenOption> DIRECT = directOption();

    private static final RoomSteps STEPS =
            new RoomSteps(RoomSteps.BLOCK_BYTES_MAX, 64 << 10, 1 << 20);

    private final ForceCheck check;
    private final Overwrite overwrite;

    public FileDisk() {
        this(ForceCheck.NONE, Overwrite.ANYWHERE);
    }

    /**
     * @param check asked after each force
     * @param overwrite what becomes of bytes that are written over: whether room for them can be
     *     made ready, and whether they can be forced by forcing another file
     */
    public FileDisk(ForceCheck check, Overwrite overwrite) {
        this.check = check;
        this.overwrite = overwrite;
    }

    /**
     * For the file system of a directory.
     *
     * @throws IOException when what its forces are checked with cannot be made there
     */
    static FileDisk of(Path directory) throws IOException {
        Overwrite overwrite =
                FileSystemType.of(directory)
                        .map(FileSystemType::overwrite)
                        .orElse(Overwrite.ANYWHERE);
        return new FileDisk(ForceCheck.in(directory), overwrite);
    }

    @Override
    public DiskFile open(Path file, Access access) throws IOException {
        FileChannel channel =
                switch (access) {
                    case READ -> FileChannel.open(file, StandardOpenOption.READ);
                    case WRITE ->
                            FileChannel.open(
                                    file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    case CREATE ->
                            FileChannel.open(
                                    file,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.CREATE);
                };
        return new ChannelFile(file, channel, check, overwrite == Overwrite.IN_PLACE);
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
        check.afterForce();
    }

    @Override
    public Optional<ByteBuffer> readFromDisk(Path file, long position, int sizeBytes)
            throws IOException {
        int block = (int) Files.getFileStore(file).getBlockSize();
        long from = position - position % block;
        long end = position + sizeBytes;
        int span = Math.toIntExact((end - from + block - 1) / block * block);
        // Freed at once, and not when some collection finds it: this may read whole disks.
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = openDirect(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = arena.allocate(span, block).asByteBuffer();
            int count = 0;
            while (count >= 0 && bytes.position() < end - from) {
                count = channel.read(bytes, from + bytes.position());
            }
            int size = (int) Math.min(bytes.position(), end - from);
            int start = (int) Math.min(position - from, size);
            ByteBuffer copy = ByteBuffer.allocate(size - start);
            copy.put(bytes.slice(start, size - start));
            return Optional.of(copy.flip());
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<RoomSteps> readyRoom() {
        return overwrite != Overwrite.ANYWHERE && DIRECT.isPresent()
                ? Optional.of(STEPS)
                : Optional.empty();
    }

    /**
     * {@code O_DIRECT}. Looked up by name, since javac warns of every mention of the JDK's own
     * package, and the warning cannot be suppressed where it is.
     */
    private static Optional<OpenOption> directOption() {
        try {
            Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
            return Stream.of(options.getEnumConstants())
                    .filter(option -> option.toString().equals("DIRECT"))
                    .map(OpenOption.class::cast)
                    .findFirst();
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private static FileChannel openDirect(Path file, OpenOption access) throws IOException {
        OpenOption direct = DIRECT.orElseThrow(UnsupportedOperationException::new);
        try {
            return FileChannel.open(file, access, direct);
        } catch (FileSystemException e) {
            // Where it opens otherwise, only this way is not to be had.
            FileChannel.open(file, access).close();
            throw new UnsupportedOperationException(e);
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

    /** Aligned, as {@code O_DIRECT} wants it; made when first needed. */
    private static final class Zeros {
        private static final ByteBuffer BYTES =
                Arena.global().allocate(256 << 10, STEPS.blockBytes()).asByteBuffer();
    }

    private static final class ChannelFile implements DiskFile {
        private final Path path;
        private final FileChannel channel;
        private final ForceCheck check;
        // Else a place that was written over may have moved, and only a force of the file tells
        // the drive where to.
        private final boolean inPlace;
        // Of a file with room made ready: parts of it may be written out.
        private volatile Optional<WriteOut> writeOut = Optional.empty();

        ChannelFile(Path path, FileChannel channel, ForceCheck check, boolean inPlace) {
            this.path = path;
            this.channel = channel;
            this.check = check;
            this.inPlace = inPlace;
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public FileChannel channel() {
            return channel;
        }

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
            check.afterForce();
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            channel.truncate(sizeBytes);
        }

        @Override
        public boolean makeReady(long from, long to) {
            try (FileChannel direct = openDirect(path, StandardOpenOption.WRITE)) {
                long at = from;
                while (at < to) {
                    int size = (int) Math.min(Zeros.BYTES.capacity(), to - at);
                    at += direct.write(Zeros.BYTES.duplicate().limit(size), at);
                }
                if (inPlace && writeOut.isEmpty()) {
                    writeOut = WriteOut.of(path);
                }
                return true;
            } catch (IOException | UnsupportedOperationException e) {
                // Not here, or no space for it: batches that need some will say so.
                return false;
            }
        }

        @Override
        public boolean beginWriteOut(long from, long to) throws IOException {
            return writeOut.isPresent() && writeOut.get().begin(from, to);
        }

        @Override
        public void endWriteOut(long from, long to) throws IOException {
            writeOut.orElseThrow().end(from, to);
        }

        @Override
        public MemorySegment map(boolean writable, long spanBytes, Arena arena) throws IOException {
            // The JDK grows the file to the span of the mapping, before it fails too. Cut it back:
            // the mapping stays, and shows what is appended later (mmap(2) on Linux and macOS, as
            // LMDB relies on it too).
            // Better than a file with a tail of zeros, and than a new mapping for every growth.
            long sizeBytes = channel.size();
            MapMode mode = writable ? MapMode.READ_WRITE : MapMode.READ_ONLY;
            try {
                return channel.map(mode, 0, spanBytes, arena);
            } finally {
                if (spanBytes > sizeBytes) {
                    channel.truncate(sizeBytes);
                }
            }
        }

        @Override
        public void close() throws IOException {
            writeOut.ifPresent(WriteOut::close);
            channel.close();
        }
    }
}
