package io.leat.cli;

import io.leat.broker.config.BrokerConfig;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code leat warm-up DIR}: does in one process what the launcher's ahead-of-time cache should
 * hold, a server's start and the everyday commands against it. For the launcher only.
 */
@Command(name = "warm-up", hidden = true, description = "Train the launcher's start-up cache.")
final class WarmUpCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "An empty directory to work in.")
    private Path directory = Path.of("");

    WarmUpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
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
            everydayCommands("127.0.0.1:" + server.address().getPort());
            scrape(server.httpAddress());
        }
        return ExitCode.OK;
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
            Main.run(
                    terminal,
                    Stream.concat(each.stream(), Stream.of("--bootstrap", bootstrap))
                            .toArray(String[]::new));
        }
    }

    private static void scrape(InetSocketAddress http) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : List.of("/health/ready", "/metrics")) {
                URI uri = URI.create("http://127.0.0.1:%d%s".formatted(http.getPort(), path));
                client.send(
                        HttpRequest.newBuilder(uri).build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        }
    }
}
