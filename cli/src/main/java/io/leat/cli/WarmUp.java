package io.leat.cli;

import io.leat.cli.command.CommandFailure;
import io.leat.cli.command.ExitCode;
import io.leat.cli.server.ForegroundServer;
import io.leat.cli.server.Server;
import io.leat.cli.server.ServerOptions;
import io.leat.cli.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code WarmUp server|tools DIR}: does what the launcher's ahead-of-time caches should hold. Of
 * two processes with the same directory, one is a server, and the other does the everyday commands
 * against it. For the launcher only; a program of its own, since what reads command lines does not
 * belong into the server's cache.
 */
public final class WarmUp {
    /** Each waits for the other, but not for ever. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Terminal terminal;
    private final Path directory;

    private WarmUp(Terminal terminal, Path directory) {
        this.terminal = terminal;
        this.directory = directory;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Terminal terminal = Terminal.ofProcess();
        Main.chooseLogLevel(terminal, args);
        run(terminal, args[0], Path.of(args[1]));
        System.exit(ExitCode.OK);
    }

    /**
     * Plays a part to its end.
     *
     * @param part server or tools
     * @param directory an empty one to work in, the same for both
     */
    static void run(Terminal terminal, String part, Path directory)
            throws IOException, InterruptedException {
        WarmUp warmUp = new WarmUp(terminal, directory);
        switch (part) {
            case "server" -> warmUp.serve();
            case "tools" -> warmUp.use();
            default -> throw new CommandFailure("no such part: " + part);
        }
    }

    private Path addresses() {
        return directory.resolve("addresses");
    }

    private Path end() {
        return directory.resolve("end");
    }

    private void serve() throws IOException, InterruptedException {
        ServerOptions options =
                ServerOptions.plain(
                                List.of(
                                        "--data-dir",
                                        directory.resolve("data").toString(),
                                        "--listen",
                                        "127.0.0.1:0",
                                        "--http",
                                        "127.0.0.1:0"))
                        .orElseThrow();
        try (Server server = ForegroundServer.start(options)) {
            ForegroundServer.announce(terminal, server);
            Path fresh = directory.resolve("addresses.fresh");
            Files.write(
                    fresh,
                    List.of(
                            "127.0.0.1:" + server.address().getPort(),
                            "127.0.0.1:" + server.httpAddress().getPort()));
            Files.move(fresh, addresses(), StandardCopyOption.ATOMIC_MOVE);
            await(end());
        }
    }

    private void use() throws IOException, InterruptedException {
        try {
            await(addresses());
            List<String> at = Files.readAllLines(addresses());
            everydayCommands(at.get(0));
            scrape(at.get(1));
        } finally {
            Files.createFile(end());
        }
    }

    private static void await(Path file) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(file)) {
            if (System.nanoTime() - deadline > 0) {
                throw new CommandFailure("waited in vain for " + file);
            }
            Thread.sleep(10);
        }
    }

    private void everydayCommands(String bootstrap) throws IOException {
        Path records = directory.resolve("records");
        Files.writeString(records, "key:value\n".repeat(100));
        String file = records.toString();
        List<List<String>> all =
                List.of(
                        List.of("topics", "create", "warm", "--partitions", "2"),
                        List.of("topics", "list"),
                        List.of("topics", "list", "--output", "json"),
                        List.of("topics", "describe", "warm"),
                        List.of("produce", "warm", "--file", file, "--key-separator", ":"),
                        List.of("consume", "warm", "--from-beginning", "--max", "10"),
                        List.of("consume", "warm", "-g", "warm", "--from-beginning", "--max", "10"),
                        List.of("groups", "list"),
                        List.of("topics", "delete", "warm", "--yes"));
        for (List<String> each : all) {
            String[] args =
                    Stream.concat(each.stream(), Stream.of("--bootstrap", bootstrap))
                            .toArray(String[]::new);
            int code = Main.run(terminal, args);
            if (code != ExitCode.OK) {
                throw new CommandFailure(String.join(" ", args) + " ended with " + code);
            }
        }
    }

    private static void scrape(String http) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : List.of("/health/ready", "/metrics")) {
                URI uri = URI.create("http://" + http + path);
                client.send(
                        HttpRequest.newBuilder(uri).build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        }
    }
}
