package io.leat.storage.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A directory with all that is below it. */
public final class FileTree {
    private static final int TRIES_MAX = 100;

    private FileTree() {}

    /** Copies a directory that nobody writes to, to a place where nothing is yet. */
    public static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    /** The files below a directory, which may be in use, sorted. */
    public static List<Path> files(Path root) {
        return undisturbed(() -> walk(root));
    }

    /** The names of the files below a directory, sorted. */
    public static List<String> names(Path root) {
        return files(root).stream().map(file -> file.getFileName().toString()).sorted().toList();
    }

    /** The files below a directory, which may be in use, that hold a text's bytes somewhere. */
    public static List<Path> filesWith(Path root, String text) {
        // Latin 1 keeps every byte as it is.
        String bytes =
                new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return undisturbed(() -> {
            List<Path> found = new ArrayList<>();
            for (Path file : walk(root)) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(bytes)) {
                    found.add(file);
                }
            }
            return found;
        });
    }

    private interface Look {
        List<Path> look() throws IOException;
    }

    /** Looks again where a file went meanwhile: it may be there by another name. */
    private static List<Path> undisturbed(Look look) {
        for (int tries = 1; ; tries++) {
            try {
                return look.look();
            } catch (NoSuchFileException e) {
                if (tries == TRIES_MAX) {
                    throw new UncheckedIOException(e);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<Path> walk(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
