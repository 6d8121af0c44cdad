package io.leat.storage.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The name of a kind of file system, such as {@code ext4}, as the system has it. */
public record FileSystemType(String name) {
    /** That of the file system which a path is on; nothing where mounts cannot be told apart. */
    public static Optional<FileSystemType> of(Path path) {
        try {
            return Optional.of(new FileSystemType(Files.getFileStore(path).type()));
        } catch (IOException e) {
            // As in some sandboxes.
            return Optional.empty();
        }
    }

    /** Whether it is served by the code of ext4. */
    public boolean isExt4() {
        return name.equals("ext4") || name.equals("ext3");
    }

    /** What becomes of bytes of a file that are written over. */
    public enum Overwrite {
        /** The new ones take their place on the drive, and never other blocks. */
        IN_PLACE,
        /**
         * They do, unless somebody has made a copy of the file that shares its blocks: {@code cp}
         * does so by default where it can.
         */
        IN_PLACE_UNLESS_SHARED,
        /** Nobody knows. */
        ANYWHERE
    }

    /** What becomes of bytes that are written over. */
    public Overwrite overwrite() {
        if (isExt4()) {
            return Overwrite.IN_PLACE;
        }
        return name.equals("xfs") ? Overwrite.IN_PLACE_UNLESS_SHARED : Overwrite.ANYWHERE;
    }
}
