package io.leat.cli.server;

import io.leat.broker.config.Endpoint;
import io.leat.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat server}. */
@Command(
        name = "server",
        description = {
            "Start a broker in the foreground. Prints one line when it is ready; SIGTERM or Ctrl-C",
            "stops it cleanly."
        },
        footer = {
            "%nExamples:",
            "  leat server",
            "  leat server --data-dir /var/lib/leat --listen 192.168.1.7:9092 --insecure",
            "  leat server --config leat.properties --set num.partitions=6"
        })
public final class ServerCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-d", ServerOptions.DATA_DIR},
            paramLabel = "DIR",
            description = "Where everything is kept (default: data).")
    private @Nullable Path dataDirectory;

    @Option(
            names = {"-l", ServerOptions.LISTEN},
            paramLabel = "HOST:PORT",
            description = "Where Kafka clients connect (default: 127.0.0.1:9092).")
    private @Nullable String listen;

    @Option(
            names = ServerOptions.HTTP,
            paramLabel = "HOST:PORT",
            defaultValue = ServerOptions.HTTP_DEFAULT,
            description = "Where health and metrics are (default: ${DEFAULT-VALUE}).")
    private String http = "";

    @Option(
            names = {"-c", ServerOptions.CONFIG},
            paramLabel = "FILE",
            description = "A properties file; options given here win over it.")
    private @Nullable Path config;

    @Option(
            names = {"-s", ServerOptions.SET},
            paramLabel = "KEY=VALUE",
            description = "One setting of the configuration; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = ServerOptions.INSECURE,
            description =
                    "Listen beyond this machine without asking who the clients are: for networks"
                            + " that you trust.")
    private boolean insecure;

    public ServerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        return ForegroundServer.run(terminal, options());
    }

    ServerOptions options() {
        return ServerOptions.of(
                Optional.ofNullable(config),
                settings,
                Optional.ofNullable(dataDirectory).map(Path::toString),
                Optional.ofNullable(listen).map(text -> endpoint(ServerOptions.LISTEN, text)),
                endpoint(ServerOptions.HTTP, http),
                insecure);
    }

    private Endpoint endpoint(String option, String text) {
        try {
            return ServerOptions.endpoint(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " takes HOST:PORT, such as 127.0.0.1:9092, not '" + text + "'",
                    e);
        }
    }
}
