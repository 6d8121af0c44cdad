package io.leat.tests.clients;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/** The locked packages of the tests in JavaScript, and the programs that stand on them. */
final class NodePackages {
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(2);

    private NodePackages() {}

    /**
     * Installs them under the build folder, unless the same are there already.
     *
     * @return the folder in which node finds programs and packages
     */
    static synchronized Path install() throws IOException {
        Path source = Folders.repository().resolve("tests/src/test/node");
        Path target = Files.createDirectories(Folders.target().resolve("node"));
        Path lock = source.resolve("package-lock.json");
        Path installed = target.resolve("installed-lock.json");
        boolean same = same(lock, installed);
        try (var files = Files.list(source)) {
            for (Path file : files.toList()) {
                copy(file, target.resolve(file.getFileName()));
            }
        }
        if (!same) {
            List<String> command =
                    List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            try (var npm = ChildProcess.start("npm", target, command)) {
                npm.awaitSuccess(INSTALL_LIMIT);
            }
            copy(lock, installed);
        }
        return target;
    }

    /** Leaves alone what is the same, which a program may read at this moment. */
    private static void copy(Path from, Path to) throws IOException {
        if (!same(from, to)) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean same(Path one, Path other) throws IOException {
        return Files.exists(other) && Files.mismatch(one, other) == -1;
    }
}
