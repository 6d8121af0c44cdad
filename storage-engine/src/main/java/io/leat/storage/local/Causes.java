package io.leat.storage.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Why input and output failed, in words. */
final class Causes {
    private Causes() {}

    /** One line that says why; the message of many exceptions is the file's name and no more. */
    static String text(Throwable failure) {
        return switch (failure) {
            case NoSuchFileException e -> named(e, "no such file or directory");
            case AccessDeniedException e -> named(e, "permission denied");
            case FileAlreadyExistsException e -> named(e, "it exists already");
            case NotDirectoryException e -> named(e, "not a directory");
            case FileSystemException e -> named(e, "it cannot be accessed");
            default -> {
                String message = failure.getMessage();
                yield message == null ? failure.toString() : message;
            }
        };
    }

    private static String named(FileSystemException e, String otherwise) {
        @Nullable String reason = e.getReason();
        return "%s: %s".formatted(e.getFile(), reason == null ? otherwise : reason);
    }

    /**
     * Whether the failure came before anything was written or forced: a file could not be opened,
     * made, moved or removed. Then nothing that was written is in doubt, and it can be tried again.
     */
    static boolean beforeAnyWrite(IOException failure) {
        return failure instanceof FileSystemException;
    }
}
