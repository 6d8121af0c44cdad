package io.leat.storage.local;

import io.leat.storage.api.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;

/**
 * A data directory, held by this process until closed: at most one process uses a directory.
 *
 * <p>Every message of its {@link StorageException}s is one line, fit for a person at a terminal.
 */
public final class DataDirectory implements AutoCloseable {
    /** The format that this version writes, and the newest that it reads. */
    static final int FORMAT = 1;

    private static final String FORMAT_KEY = "leat.format";
    private static final String CLUSTER_ID_KEY = "cluster.id";

    private final Path path;
    private final String clusterId;
    private final FileChannel lockChannel;

    private DataDirectory(Path path, String clusterId, FileChannel lockChannel) {
        this.path = path;
        this.clusterId = clusterId;
        this.lockChannel = lockChannel;
    }

    /**
     * Makes the directory if it is not there, and takes it.
     *
     * @throws StorageException when it cannot be written, another process holds it, or a newer
     *     version wrote it
     */
    public static DataDirectory hold(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
            FileChannel lockChannel = lock(directory);
            try {
                return new DataDirectory(directory, readOrMakeClusterId(directory), lockChannel);
            } catch (IOException | RuntimeException e) {
                lockChannel.close();
                throw e;
            }
        } catch (AccessDeniedException e) {
            throw new StorageException("data directory " + directory + " is not writable", e);
        } catch (FileAlreadyExistsException e) {
            throw new StorageException("data directory " + directory + " is not a directory", e);
        } catch (IOException e) {
            throw new StorageException(
                    "data directory " + directory + " cannot be used: " + Causes.text(e), e);
        }
    }

    /**
     * Takes a directory that a broker has used before.
     *
     * @throws StorageException as {@link #hold}, and where there is none
     */
    public static DataDirectory holdExisting(Path path) {
        if (!Files.isDirectory(path)) {
            throw new StorageException("data directory " + path + " does not exist");
        }
        if (!Files.exists(path.resolve("meta.properties"))) {
            throw new StorageException(
                    "%s is not a data directory of Leat: it has no meta.properties"
                            .formatted(path));
        }
        return hold(path);
    }

    public Path path() {
        return path;
    }

    /** Made once, when the directory was: 22 characters, URL-safe, as Kafka's. */
    public String clusterId() {
        return clusterId;
    }

    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        Path file = directory.resolve(".lock");
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            ByteBuffer holder = ByteBuffer.allocate(32);
            channel.read(holder, 0);
            channel.close();
            String pid =
                    new String(holder.array(), 0, holder.position(), StandardCharsets.US_ASCII);
            throw new StorageException(
                    "data directory "
                            + directory
                            + " is in use by "
                            + (pid.isBlank() ? "another process" : "process " + pid.strip())
                            + "; stop it, or choose another directory");
        }
        // The lock lives as long as the channel; the text is only for the message above.
        byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(pid), 0);
        return channel;
    }

    private static String readOrMakeClusterId(Path directory) throws IOException {
        Path file = directory.resolve("meta.properties");
        if (!Files.exists(file)) {
            String clusterId = newClusterId();
            write(directory, file, clusterId);
            return clusterId;
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IllegalArgumentException e) {
            throw new StorageException(file + " is damaged: " + e.getMessage(), e);
        }
        int format = format(directory, file, properties.getProperty(FORMAT_KEY));
        if (format > FORMAT) {
            throw new StorageException(
                    "data directory %s has format %d, written by a newer Leat; this one reads up to %d"
                            .formatted(directory, format, FORMAT));
        }
        String clusterId = properties.getProperty(CLUSTER_ID_KEY);
        if (clusterId == null || clusterId.isBlank()) {
            throw new StorageException(file + " is damaged: " + CLUSTER_ID_KEY + " is missing");
        }
        return clusterId;
    }

    private static int format(Path directory, Path file, String text) {
        if (text == null) {
            throw new StorageException(
                    "%s is not a data directory of Leat: %s does not say %s"
                            .formatted(directory, file, FORMAT_KEY));
        }
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new StorageException(
                    "%s is damaged: %s is '%s'".formatted(file, FORMAT_KEY, text), e);
        }
    }

    private static void write(Path directory, Path file, String clusterId) throws IOException {
        Path fresh = directory.resolve("meta.properties.new");
        String text = FORMAT_KEY + "=" + FORMAT + "\n" + CLUSTER_ID_KEY + "=" + clusterId + "\n";
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String newClusterId() {
        SecureRandom random = new SecureRandom();
        byte[] id = new byte[16];
        String text;
        do {
            random.nextBytes(id);
            text = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
            // A leading dash reads as an option on command lines.
        } while (text.startsWith("-"));
        return text;
    }
}
