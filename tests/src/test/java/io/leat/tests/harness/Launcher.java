package io.leat.tests.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The {@code leat} command as users start it: by the script at the root of the repository. */
public final class Launcher {
    private static final Duration PREPARE_LIMIT = Duration.ofMinutes(5);
    private static boolean prepared;

    private Launcher() {}

    public static Path path() {
        return Folders.repository().resolve("leat");
    }

    /** Lets the launcher make its start-up cache, once, so that no measured start waits for it. */
    public static synchronized void prepare() {
        if (!prepared) {
            List<String> command = List.of(path().toString(), "--version");
            try (var leat = ChildProcess.start("leat-version", Folders.target(), command)) {
                leat.awaitSuccess(PREPARE_LIMIT);
            }
            prepared = true;
        }
    }
}
