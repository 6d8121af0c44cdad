package io.leat.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A process that a test started. Its output (both streams together) is kept, and shown only when
 * something fails. It never outlives the test JVM.
 */
public final class ChildProcess implements AutoCloseable {
    private static final int KEPT_LINES = 100_000;
    private static final int SHOWN_LINES = 60;
    private static final Collection<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
    }

    private final String name;
    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.reader = Thread.ofVirtual().name(name + "-output").start(this::readOutput);
    }

    public static ChildProcess start(String name, Path directory, List<String> command) {
        return start(name, directory, command, Map.of());
    }

    /** Starts a command with standard input closed; {@code environment} adds to ours. */
    public static ChildProcess start(
            String name, Path directory, List<String> command, Map<String, String> environment) {
        return start(name, directory, command, environment, ProcessBuilder.Redirect.PIPE);
    }

    /** Starts a command that reads its standard input from {@code input}. */
    public static ChildProcess start(
            String name,
            Path directory,
            List<String> command,
            Map<String, String> environment,
            ProcessBuilder.Redirect input) {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(input);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            ALIVE.add(process);
            var _ = process.onExit().thenAccept(ALIVE::remove);
            if (input.equals(ProcessBuilder.Redirect.PIPE)) {
                process.getOutputStream().close();
            }
            return new ChildProcess(name, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Everything that the process has printed so far. */
    public List<String> lines() {
        return linesFrom(0);
    }

    /** What it has printed so far, without the first {@code from} lines. */
    public List<String> linesFrom(int from) {
        synchronized (lines) {
            return List.copyOf(lines.subList(from, lines.size()));
        }
    }

    public int lineCount() {
        synchronized (lines) {
            return lines.size();
        }
    }

    /** The first line at or after index {@code from} that matches. */
    public Optional<String> findLine(int from, Predicate<String> matches) {
        synchronized (lines) {
            return lines.subList(Math.min(from, lines.size()), lines.size()).stream()
                    .filter(matches)
                    .findFirst();
        }
    }

    /**
     * Waits for a line of output.
     *
     * @throws AssertionError when the process ends first or the limit passes
     */
    public String awaitLine(String what, Duration limit, Predicate<String> matches) {
        Await.until(
                () -> what + " from " + describe(),
                limit,
                () -> findLine(0, matches).isPresent() || outputEnded());
        return findLine(0, matches)
                .orElseThrow(() -> new AssertionError("no " + what + " from " + describe()));
    }

    /**
     * Waits for the end.
     *
     * @return the exit code; 128 + signal when a signal ended it
     * @throws AssertionError when it still runs after the limit
     */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        "still running after " + limit.toMillis() + " ms: " + describe());
            }
            reader.join(5_000);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for exit code 0; anything else fails with the output. */
    public void awaitSuccess(Duration limit) {
        int code = awaitExit(limit);
        if (code != 0) {
            throw new AssertionError("exit code " + code + " from " + describe());
        }
    }

    /** SIGTERM. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** SIGKILL; returns when the process is gone and all that it printed has been read. */
    public void kill() {
        // By the handle: Process.destroy closes the pipe, and what stands in it would be lost.
        process.toHandle().destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** Sends a signal by its name, such as STOP or CONT. */
    public void signal(String signal) {
        try {
            int code =
                    new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + signal + " " + pid() + " gave " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Resident memory in bytes, from /proc; empty where there is none. */
    public Optional<Long> residentBytes() {
        Path status = Path.of("/proc", Long.toString(pid()), "status");
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Name, state and the last lines of output, for failures. */
    public String describe() {
        List<String> all = lines();
        List<String> shown = all.subList(Math.max(0, all.size() - SHOWN_LINES), all.size());
        String state = alive() ? "running" : "ended";
        return name + " (pid " + pid() + ", " + state + "):\n  " + String.join("\n  ", shown);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private boolean outputEnded() {
        return !process.isAlive() && !reader.isAlive();
    }

    private void readOutput() {
        try (var in = process.inputReader(StandardCharsets.UTF_8)) {
            String line;
            while ((line = in.readLine()) != null) {
                synchronized (lines) {
                    if (lines.size() < KEPT_LINES) {
                        lines.add(line);
                    }
                }
            }
        } catch (IOException e) {
            // The stream of a killed process ends like this.
        }
    }
}
