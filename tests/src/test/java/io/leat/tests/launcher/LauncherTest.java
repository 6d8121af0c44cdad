package io.leat.tests.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.Admin;
import io.leat.tests.harness.Await;
import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.Launcher;
import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.NeedsDrive;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The script {@code leat}, wherever it lies and however it is called. */
class LauncherTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String JDK = System.getProperty("java.home");

    private final Path folder = Folders.createTemporary("launcher-");
    private Path checkout;

    /** A checkout with a build, in a folder whose name needs quoting. */
    @BeforeEach
    void copyTheBuild() throws IOException {
        Launcher.prepare();
        checkout = folder.resolve("a check out's \"$HOME\"");
        Path dist = Folders.repository().resolve("cli/target/dist");
        link(dist.resolve("lib"), checkout.resolve("cli/target/dist/lib"));
        Files.copy(Launcher.path(), checkout.resolve("leat"));
        // An empty cache is one that was tried in vain: no time goes into making one.
        try (Stream<Path> files = Files.list(dist)) {
            for (Path cache : files.filter(file -> file.toString().endsWith(".aot")).toList()) {
                Files.createFile(checkout.resolve("cli/target/dist").resolve(cache.getFileName()));
            }
        }
    }

    @AfterEach
    void delete() {
        Folders.delete(folder);
    }

    @Test
    void runsInAFolderWhoseNameNeedsQuoting() {
        requireVersion(run(Map.of(), checkout.resolve("leat").toString(), "version"));
        requireVersion(run(Map.of(), "bash", "-c", "cd \"$0\" && ./leat version", "" + checkout));
    }

    @Test
    void runsThroughSymbolicLinks() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("my bin"));
        Files.createSymbolicLink(bin.resolve("leat-1"), bin.relativize(checkout.resolve("leat")));
        Files.createSymbolicLink(bin.resolve("leat"), Path.of("leat-1"));
        Files.createSymbolicLink(folder.resolve("linked"), checkout);
        requireVersion(run(Map.of(), bin.resolve("leat").toString(), "version"));
        requireVersion(run(Map.of(), folder.resolve("linked/leat").toString(), "version"));
    }

    @Test
    void handsArgumentsOnAsTheyAre() {
        List<String> lines =
                run(Map.of(), checkout.resolve("leat").toString(), "no such * \"thing");
        assertTrue(lines.getFirst().contains("no such * \"thing"), lines::toString);
    }

    @Test
    @EnabledOnOs(OS.LINUX) // elsewhere arguments are UTF-8 in any case
    void handsArgumentsOnInTheLocaleOfSystemsWithoutOne() {
        for (Map<String, String> locale :
                List.of(
                        Map.of("LC_ALL", "C"),
                        Map.of("LC_ALL", "", "LC_CTYPE", "POSIX", "LANG", "en_US.UTF-8"),
                        Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", ""))) {
            // The shell makes the bytes, whatever the locale of this JVM is.
            List<String> lines =
                    run(
                            locale,
                            "bash",
                            "-c",
                            "exec \"$0\" $'m\\303\\274ller'",
                            checkout.resolve("leat").toString());
            assertTrue(lines.getFirst().contains("'müller'"), lines::toString);
        }
    }

    /** As services and cron jobs start it; there may be no JDK then, which it says. */
    @Test
    void needsNoHome() {
        List<String> lines =
                run(
                        Map.of(),
                        "env",
                        "-u",
                        "HOME",
                        "-u",
                        "JAVA_HOME",
                        "-u",
                        "LEAT_JAVA_HOME",
                        checkout.resolve("leat").toString(),
                        "version");
        assertTrue(lines.getLast().startsWith("leat"), lines::toString);
        assertTrue(
                lines.stream().noneMatch(line -> line.contains("unbound variable")),
                lines::toString);
    }

    @Test
    void takesTheJdkAndTheOptionsThatItIsTold() {
        List<String> lines =
                run(
                        Map.of(
                                "LEAT_JAVA_HOME",
                                JDK,
                                "JAVA_HOME",
                                "/no/such/jdk",
                                "LEAT_JAVA_OPTS",
                                "-Dleat.one=1 -XshowSettings:properties"),
                        checkout.resolve("leat").toString(),
                        "version");
        assertTrue(lines.stream().anyMatch(line -> line.strip().equals("leat.one = 1")));
        assertTrue(lines.stream().anyMatch(line -> line.strip().equals("java.home = " + JDK)));
        requireVersion(lines);
    }

    /** Each of the two caches serves the one that it was trained for. */
    @Test
    void startsFromTheCachesThatItTrainsOnce() throws IOException {
        for (Path cache : caches().keySet()) {
            Files.delete(cache);
        }
        String leat = checkout.resolve("leat").toString();
        run(Map.of("LEAT_JAVA_HOME", JDK), leat, "version");
        Map<Path, FileTime> trained = caches();
        assertEquals(2, trained.size(), trained::toString);

        assertFromCache("io.leat.cli.command.VersionCommand", leat, "version");
        assertFromCache("io.leat.broker.config.BrokerConfig", leat, "server", "--config", "/no");
        assertEquals(trained, caches());
    }

    /** The caches, and when each was made. */
    private Map<Path, FileTime> caches() throws IOException {
        Map<Path, FileTime> caches = new TreeMap<>();
        try (Stream<Path> files = Files.list(checkout.resolve("cli/target/dist"))) {
            for (Path cache : files.filter(file -> file.toString().endsWith(".aot")).toList()) {
                caches.put(cache, Files.getLastModifiedTime(cache));
            }
        }
        return caches;
    }

    private void assertFromCache(String type, String... command) throws IOException {
        Path log = folder.resolve("classes");
        String options = "-Xlog:class+load:file=" + log;
        try (var leat =
                ChildProcess.start(
                        "leat",
                        folder,
                        List.of(command),
                        Map.of("LEAT_JAVA_HOME", JDK, "LEAT_JAVA_OPTS", options))) {
            leat.awaitExit(LIMIT);
        }
        assertTrue(
                Files.readAllLines(log).stream()
                        .anyMatch(line -> line.contains(type + " source: shared objects file")),
                () -> type + " is in no cache");
    }

    @Test
    void passesTheExitCodeOn() {
        try (var leat =
                ChildProcess.start(
                        "leat",
                        folder,
                        List.of(checkout.resolve("leat").toString(), "topics", "frobnicate"))) {
            assertEquals(2, leat.awaitExit(LIMIT));
        }
    }

    /** As behind {@code | head} when that has seen enough: a pipe without another end. */
    @Test
    void endsWithoutAWordWhenNobodyReadsItsOutput() {
        String script = "mkfifo \"$1\" && exec 3<>\"$1\" 4>\"$1\" 3<&- && exec \"$0\" version >&4";
        List<String> command =
                List.of(
                        "bash",
                        "-c",
                        script,
                        checkout.resolve("leat").toString(),
                        folder.resolve("pipe").toString());
        try (var leat = ChildProcess.start("leat", folder, command)) {
            assertEquals(128 + 13, leat.awaitExit(LIMIT), leat::describe); // SIGPIPE
            assertEquals(List.of(), leat.lines());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // which has the device
    void saysThatItsOutputIsLost() {
        List<String> command =
                List.of(
                        "bash",
                        "-c",
                        "exec \"$0\" version >/dev/full",
                        checkout.resolve("leat").toString());
        try (var leat = ChildProcess.start("leat", folder, command)) {
            assertEquals(1, leat.awaitExit(LIMIT), leat::describe);
            assertEquals(1, leat.lines().size(), leat::describe);
            String said = leat.lines().getFirst();
            assertTrue(said.startsWith("leat: Cannot write the output: "), said);
        }
    }

    /** Where it cannot say that it is ready it ends, as cleanly as ever. */
    @Test
    @EnabledOnOs(OS.LINUX) // which has the device
    void aServerThatNobodyCanHearStopsCleanly() {
        List<String> command =
                List.of(
                        "bash",
                        "-c",
                        "\"$0\" server --data-dir \"$1\" --listen 127.0.0.1:0 --http 127.0.0.1:0"
                                + " 2>&1 >/dev/full",
                        checkout.resolve("leat").toString(),
                        folder.resolve("unheard").toString());
        try (var server = ChildProcess.start("leat", folder, command)) {
            assertEquals(1, server.awaitExit(LIMIT), server::describe);
            assertTrue(
                    server.lines().stream()
                            .anyMatch(line -> line.startsWith("leat: Cannot write the output: ")),
                    server::describe);
            assertTrue(server.lines().getLast().endsWith("Stopped"), server::describe);
        }
    }

    @Test
    void aBenchmarkThatIsStoppedLeavesNoTopic() {
        try (LeatBroker broker = new LeatBroker(Map.of())) {
            broker.start();
            List<String> command =
                    List.of(
                            checkout.resolve("leat").toString(),
                            "bench",
                            "--records",
                            "1000000",
                            "--rate",
                            "100",
                            "--bootstrap",
                            broker.bootstrap());
            try (Admin admin = Admin.connect(broker.bootstrap());
                    ChildProcess bench = ChildProcess.start("leat", folder, command)) {
                Await.until(bench::describe, LIMIT, () -> hasBenchmarks(admin));
                bench.terminate();
                assertEquals(128 + 15, bench.awaitExit(LIMIT), bench::describe); // SIGTERM
                assertFalse(hasBenchmarks(admin), bench::describe);
            }
        }
    }

    private static boolean hasBenchmarks(Admin admin) {
        return admin.listTopics().stream().anyMatch(t -> t.name().startsWith("leat-bench-"));
    }

    /** Data of a release to come is left as it is, and one line says so. */
    @Test
    void refusesDataOfANewerFormat() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Path meta = data.resolve("meta.properties");
        Files.writeString(meta, "leat.format=99\ncluster.id=abc\n");
        String leat = checkout.resolve("leat").toString();
        String[] free = {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"};
        try (var server =
                ChildProcess.start(
                        "leat",
                        folder,
                        Stream.concat(
                                        Stream.of(leat, "server", "--data-dir", data.toString()),
                                        Stream.of(free))
                                .toList())) {
            assertEquals(1, server.awaitExit(LIMIT));
            List<String> said =
                    server.lines().stream().filter(line -> line.startsWith("leat: ")).toList();
            assertEquals(1, said.size(), server::describe);
            assertTrue(
                    said.getFirst()
                            .endsWith(
                                    "has format 99, written by a newer Leat; this one reads up to"
                                            + " 1"),
                    server::describe);
        }
        assertEquals("leat.format=99\ncluster.id=abc\n", Files.readString(meta));
        try (Stream<Path> files = Files.list(data)) {
            assertEquals(List.of(meta), files.filter(file -> !file.endsWith(".lock")).toList());
        }
    }

    /** A Maven that only puts the build in its place stands in for the one that makes it. */
    @Test
    void buildsOnceWhereThereIsNoBuild() throws IOException {
        Path lib = checkout.resolve("cli/target/dist/lib");
        Path made = Files.move(lib, folder.resolve("made"));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path maven = bin.resolve("mvn");
        Files.writeString(
                maven,
                "#!/bin/sh\necho \"$@\" >>'%s'\nmv '%s' \"$(dirname \"$4\")/cli/target/dist/lib\"\n"
                        .formatted(folder.resolve("calls"), made));
        assertTrue(maven.toFile().setExecutable(true));
        Map<String, String> environment =
                Map.of("PATH", bin + File.pathSeparator + System.getenv("PATH"));
        String leat = checkout.resolve("leat").toString();

        List<String> first = run(environment, leat, "version");
        assertTrue(first.getFirst().startsWith("leat: building, on first use"), first::toString);
        requireVersion(first);
        assertEquals(1, run(environment, leat, "version").size(), "built again");
        assertEquals(1, Files.readAllLines(folder.resolve("calls")).size());
    }

    /** The usual places are hidden by mounting over them, so this needs the right to mount. */
    @NeedsDrive
    @Test
    void saysWhatToDoWithoutAJdk() {
        String hide =
                "for d in /usr/lib/jvm /opt/java; do [ ! -d $d ] || mount -t tmpfs none $d; done;"
                        + " exec \"$0\" version";
        List<String> command =
                List.of(
                        "unshare",
                        "--mount",
                        "bash",
                        "-c",
                        hide,
                        checkout.resolve("leat").toString());
        Map<String, String> environment =
                Map.of("JAVA_HOME", "", "LEAT_JAVA_HOME", "", "HOME", folder.toString());
        try (var leat = ChildProcess.start("leat", folder, command, environment)) {
            assertEquals(1, leat.awaitExit(LIMIT));
            assertEquals(
                    List.of(
                            "leat: needs a JDK 25 or later: install one (such as Eclipse Temurin"
                                    + " 25) or point LEAT_JAVA_HOME to it"),
                    leat.lines());
        }
    }

    private static void requireVersion(List<String> lines) {
        assertTrue(lines.getLast().matches("leat \\S+ on JDK 25.*"), lines::toString);
    }

    private List<String> run(Map<String, String> environment, String... command) {
        try (var process = ChildProcess.start("leat", folder, List.of(command), environment)) {
            process.awaitExit(LIMIT);
            return process.lines();
        }
    }

    private static void link(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.createSymbolicLink(to.resolve(file.getFileName()), file);
            }
        }
    }
}
