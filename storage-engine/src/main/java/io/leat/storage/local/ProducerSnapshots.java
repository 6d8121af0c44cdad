package io.leat.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The files that keep a log's {@link ProducerTable} as of an offset. */
final class ProducerSnapshots {
    private static final String SUFFIX = ".producers";

    private ProducerSnapshots() {}

    static Path path(Path directory, long offset) {
        return directory.resolve("%020d%s".formatted(offset, SUFFIX));
    }

    /** What is in a file, or nothing where it is missing or damaged. */
    static Optional<ProducerTable.Restored> read(Disk disk, Path path, long nowMillis)
            throws IOException {
        return bytes(disk, path).flatMap(bytes -> ProducerTable.restore(bytes, nowMillis));
    }

    /** Only the aborted transactions in a file, or nothing where it is missing or damaged. */
    static Optional<AbortedIndex> readAborted(Disk disk, Path path) throws IOException {
        return bytes(disk, path).flatMap(ProducerTable::restoreAborted);
    }

    private static Optional<ByteBuffer> bytes(Disk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path, Disk.Access.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
            file.read(bytes, 0);
            return Optional.of(bytes.flip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Writes and forces a file; its name is certain only once the directory is forced. */
    static void write(Disk disk, Path path, ByteBuffer snapshot) throws IOException {
        // Never into a file that is there: a force of it may have failed before.
        disk.delete(path);
        try (DiskFile file = disk.open(path, Disk.Access.CREATE)) {
            file.write(snapshot, 0);
            file.force();
        }
    }

    /** Removes all but the one as of {@code offset}. */
    static void removeOthers(Disk disk, Path directory, long offset) throws IOException {
        Path kept = path(directory, offset);
        for (Path path : disk.list(directory)) {
            if (path.getFileName().toString().endsWith(SUFFIX) && !path.equals(kept)) {
                disk.delete(path);
            }
        }
    }
}
