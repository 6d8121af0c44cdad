package io.leat.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The files that keep a log's {@link ProducerTable} as of an offset. */
final class ProducerSnapshots {
    private static final String SUFFIX = ".producers";
    private static final String RENEWED = ".renewed";

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

    /**
     * Writes and forces a file, in place of one that is there; which of them the name means is
     * certain only once the directory is forced. Never into the file that is there: a checkpoint
     * may need it, and a force of it may have failed before.
     */
    static void write(Disk disk, Path path, ByteBuffer snapshot) throws IOException {
        Path renewed = path.resolveSibling(path.getFileName() + RENEWED);
        disk.delete(renewed);
        try (DiskFile file = disk.open(renewed, Disk.Access.CREATE)) {
            file.write(snapshot, 0);
            file.force();
        }
        disk.rename(renewed, path);
    }

    /** Removes all but the one as of {@code offset}. */
    static void removeOthers(Disk disk, Path directory, long offset) throws IOException {
        Path kept = path(directory, offset);
        for (Path path : disk.list(directory)) {
            String name = path.getFileName().toString();
            boolean snapshot = name.endsWith(SUFFIX) || name.endsWith(SUFFIX + RENEWED);
            if (snapshot && !path.equals(kept)) {
                disk.delete(path);
            }
        }
    }
}
