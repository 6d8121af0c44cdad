package io.leat.storage.system;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Asks a file system, after a force that succeeded, whether it can have been one. Any thread.
 *
 * <p>Where ext4 gives up its journal, because the drive failed or the file system is damaged, an
 * {@code fdatasync} that runs at that moment may return 0 for bytes that are gone at the next
 * mount: it finds that the transaction with the file's new size is over, and not that it was
 * aborted. Seen on Linux 6.18, see {@code ForceCheckTest}.
 */
@FunctionalInterface
public interface ForceCheck {
    /** For file systems whose word is good. */
    ForceCheck NONE = () -> {};

    /**
     * To be called after each force that succeeded, before anybody is told of it.
     *
     * @throws IOException when the force has to be taken for one that failed
     */
    void afterForce() throws IOException;

    /**
     * The check that the file system of a directory needs.
     *
     * @param directory where a small file is made for it, if it needs one
     * @throws IOException when that is not possible
     */
    static ForceCheck in(Path directory) throws IOException {
        // Where the type is not known: the check suits all.
        boolean needed = FileSystemType.of(directory).map(FileSystemType::isExt4).orElse(true);
        return needed ? new JournalCheck(directory.resolve(".force-check")) : NONE;
    }
}
