package io.leat.tests.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Leat, started by its launcher as a user starts it. Settings may have {@code listeners}, one with
 * a fixed port; else it listens to plain text on a port of its own.
 */
public final class LeatBroker implements TestBroker {
    private static final String LISTENERS = "listeners";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Path directory = Folders.createTemporary("leat-");
    private final Path dataDirectory;
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    private final String address;
    private List<String> wrapper = List.of();
    private final int httpPort = FreePort.next();
    private ChildProcess process;
    private Duration lastStart = Duration.ZERO;

    public LeatBroker(Map<String, String> settings) {
        this(settings, Map.of());
    }

    /**
     * A broker whose launcher finds more in its environment.
     *
     * @param environment such as {@code LEAT_JAVA_OPTS}
     */
    public LeatBroker(Map<String, String> settings, Map<String, String> environment) {
        this.settings = Map.copyOf(settings);
        this.environment = Map.copyOf(environment);
        this.dataDirectory = directory.resolve("data");
        this.address = address(settings);
    }

    /** A broker on a data directory that it does not delete when it is closed. */
    public LeatBroker(Path dataDirectory, Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
        this.environment = Map.of();
        this.dataDirectory = dataDirectory;
        this.address = address(settings);
    }

    /** Starts it by another command that becomes it, such as {@code prlimit --nofile=1024}. */
    public LeatBroker within(List<String> command) {
        wrapper = List.copyOf(command);
        return this;
    }

    @Override
    public String bootstrap() {
        return address;
    }

    /** Host and port of health and metrics. */
    public String http() {
        return "127.0.0.1:" + httpPort;
    }

    @Override
    public void start() {
        long began = System.nanoTime();
        launch();
        process.awaitLine("ready line", START_LIMIT, line -> line.contains("is ready"));
        lastStart = Duration.ofNanos(System.nanoTime() - began);
    }

    /** Starts the process and does not wait until it is ready. */
    public void launch() {
        Launcher.prepare();
        process = ChildProcess.start("leat", directory, command(), environment);
    }

    @Override
    public void stop() {
        process.terminate();
        process.awaitExit(STOP_LIMIT);
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public Duration lastStart() {
        return lastStart;
    }

    @Override
    public Path logDirectory() {
        return dataDirectory;
    }

    @Override
    public String lastOutput() {
        return process == null ? "" : process.describe();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    /** The running process. */
    public ChildProcess process() {
        return process;
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        Folders.delete(directory);
    }

    private static String address(Map<String, String> settings) {
        String listener = settings.getOrDefault(LISTENERS, "//127.0.0.1:" + FreePort.next());
        return listener.substring(listener.indexOf("//") + 2);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Launcher.path().toString());
        command.add("server");
        command.addAll(List.of("--data-dir", logDirectory().toString()));
        if (!settings.containsKey(LISTENERS)) {
            command.addAll(List.of("--listen", bootstrap()));
        }
        command.addAll(List.of("--http", http()));
        settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        return command;
    }
}
