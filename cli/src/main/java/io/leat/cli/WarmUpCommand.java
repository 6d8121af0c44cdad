package io.leat.cli;

import io.leat.broker.config.BrokerConfig;
import io.leat.cli.command.CommandFailure;
import io.leat.cli.command.ExitCode;
import io.leat.cli.server.Server;
import io.leat.cli.terminal.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code leat warm-up server|tools DIR}: does what the launcher's ahead-of-time caches should hold.
 * Of two processes with the same directory, one is a server, and the other does the everyday
 * commands against it. For the launcher only.
 */
@Command(name = "warm-up", hidden = true, description = "Train the launcher's start-up caches.")
final class WarmUpCommand implements Callable<Integer> {
    /** Each waits for the other, but not for ever. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Terminal terminal;

    /** Which of the two. */
    enum Part {
        SERVER,
        TOOLS
    }

    @Parameters(index = "0", paramLabel = "PART", description = "server or tools.")
    private Part part = Part.SERVER;

    @Parameters(index = "1", paramLabel = "DIR", description = "A directory to work in.")
    private Path directory = Path.of("");

    WarmUpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        switch (part) {
            case SERVER -> serve();
            case TOOLS -> use();
        }
        return ExitCode.OK;
    }

    private Path addresses() {
        return directory.resolve("addresses");
    }

    private Path end() {
        return directory.resolve("end");
    }

    private void serve() throws IOException, InterruptedException {
        BrokerConfig config =
                BrokerConfig.load(
                        null,
                        Map.of(
                                "log.dir",
                                directory.resolve("data").toString(),
                                "listeners",
                                "PLAINTEXT://127.0.0.1:0"));
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Server server = Server.start(config, anyPort)) {
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
