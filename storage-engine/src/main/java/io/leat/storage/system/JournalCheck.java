package io.leat.storage.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * Sees whether a journal is alive. Every change of metadata has to join it. After an abort the
 * first that tries makes the file system read-only, and may itself be told that all is well; the
 * second is refused. So two changes that succeed, begun after a force, say that the force was one.
 *
 * <p>The change sets a file's permissions to what they are: of all changes that Java can make it is
 * the one that takes neither a file descriptor nor space, some microseconds, and no write of its
 * own.
 */
final class JournalCheck implements ForceCheck {
    private static final Set<PosixFilePermission> PERMISSIONS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;

    /**
     * @param file a file of its own, made anew: only its owner may change its permissions
     */
    JournalCheck(Path file) throws IOException {
        this.file = file;
        make();
    }

    private void make() throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file);
    }

    @Override
    public void afterForce() throws IOException {
        try {
            change();
        } catch (NoSuchFileException e) {
            // Somebody tidied up.
            make();
            change();
        }
    }

    private void change() throws IOException {
        Files.setPosixFilePermissions(file, PERMISSIONS);
        Files.setPosixFilePermissions(file, PERMISSIONS);
    }
}
