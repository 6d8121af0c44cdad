package io.leat.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file system as the store sees it: every open, write, force, truncate, rename, delete and
 * directory force goes through here, so that tests can put a disk behind it that loses, tears or
 * flips whatever was not forced.
 *
 * <ul>
 *   <li>A new file, a rename and a delete are certain to outlive a power cut only once their
 *       directory was forced.
 *   <li>Any thread may call.
 * </ul>
 */
public interface Disk {
    /** How a file is opened. */
    enum Access {
        READ,
        /** For reading and writing; the file must be there. */
        WRITE,
        /** For reading and writing; made if it is not there. */
        CREATE
    }

    DiskFile open(Path file, Access access) throws IOException;

    /** Makes the directory and all above it that are missing. */
    void createDirectories(Path directory) throws IOException;

    /** The names in a directory, in no order; none where there is no directory. */
    List<Path> list(Path directory) throws IOException;

    boolean exists(Path path);

    long sizeBytes(Path file) throws IOException;

    /** Atomically, over whatever {@code to} was. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file or an empty directory; nothing happens where there is none. */
    void delete(Path path) throws IOException;

    /** Makes creations, renames and deletes in this directory outlive a power cut. */
    void forceDirectory(Path directory) throws IOException;

    /**
     * Reads from the disk itself, past what the system remembers of the file; what was not written
     * back yet is written first.
     *
     * @return as many bytes as there are, {@code sizeBytes} at the most; nothing where the file
     *     system cannot do this
     */
    Optional<ByteBuffer> readFromDisk(Path file, long position, int sizeBytes) throws IOException;

    /** How room for appends is made ready here; nothing where that would gain nothing. */
    default Optional<RoomSteps> readyRoom() {
        return Optional.empty();
    }

    /** Whether {@code failure}, just seen on {@code path}, means that there is no space left. */
    boolean isFull(Path path, IOException failure);
}
