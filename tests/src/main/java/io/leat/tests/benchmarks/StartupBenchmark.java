package io.leat.tests.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a user waits for and pays: from calling the launcher to the ready line, the same after a
 * {@code kill -9}, resident memory when idle, and the time of a short command.
 *
 * <pre>
 * java tests/src/main/java/io/leat/tests/benchmarks/StartupBenchmark.java ./leat [runs [idle seconds]]
 * </pre>
 *
 * <p>Needs nothing but the JDK and a build. Memory is read from {@code /proc}, so on Linux only.
 */
public final class StartupBenchmark {
    private final Path launcher;
    private final Path work;

    private StartupBenchmark(Path launcher, Path work) {
        this.launcher = launcher;
        this.work = work;
    }

    /** Runs the benchmark and prints a line per figure. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length < 1 || args.length > 3) {
            System.err.println("Usage: StartupBenchmark LAUNCHER [RUNS [IDLE_SECONDS]]");
            System.exit(2);
        }
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        int idleSeconds = args.length > 2 ? Integer.parseInt(args[2]) : 10;
        Path work = Files.createTempDirectory("leat-startup");
        try {
            new StartupBenchmark(Path.of(args[0]).toAbsolutePath(), work).run(runs, idleSeconds);
        } finally {
            remove(work);
        }
    }

    private void run(int runs, int idleSeconds) throws IOException, InterruptedException {
        // The first start builds what is missing and trains the launcher's cache.
        command("version");
        List<Long> fresh = new ArrayList<>();
        List<Long> killed = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            Path data = work.resolve("data-" + i);
            fresh.add(startMillis(data));
            killed.add(startMillis(data));
        }
        print("start to ready, new data directory", "ms", fresh);
        print("start to ready, after kill -9", "ms", killed);
        idleMemory(idleSeconds);
        List<Long> version = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            long begin = System.nanoTime();
            command("version");
            version.add((System.nanoTime() - begin) / 1_000_000);
        }
        print("leat version", "ms", version);
    }

    private long startMillis(Path data) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Server server = start(data);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        server.kill();
        return millis;
    }

    private void idleMemory(int idleSeconds) throws IOException, InterruptedException {
        Server server = start(work.resolve("idle"));
        try {
            TimeUnit.SECONDS.sleep(idleSeconds);
            Path status = Path.of("/proc", Long.toString(server.process().pid()), "status");
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmRSS")
                        || line.startsWith("RssAnon")
                        || line.startsWith("Threads")) {
                    System.out.println(
                            "idle after " + idleSeconds + " s: " + line.replaceAll("\\s+", " "));
                }
            }
        } finally {
            server.kill();
        }
    }

    private record Server(Process process) {
        void kill() throws InterruptedException {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    private Server start(Path data) throws IOException {
        Process process =
                new ProcessBuilder(
                                launcher.toString(),
                                "server",
                                "--data-dir",
                                data.toString(),
                                "--listen",
                                "127.0.0.1:" + freePort(),
                                "--http",
                                "127.0.0.1:" + freePort())
                        .redirectError(work.resolve("log").toFile())
                        .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains("is ready")) {
                return new Server(process);
            }
        }
        throw new IOException(
                "the server ended before it was ready: " + Files.readString(work.resolve("log")));
    }

    private void command(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(launcher.toString()));
        Collections.addAll(all, arguments);
        Process process =
                new ProcessBuilder(all)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException(all + " failed");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void print(String what, String unit, List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        System.out.printf(
                "%s: median %d %s (%d to %d, %d runs)%n",
                what,
                sorted.get(sorted.size() / 2),
                unit,
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
