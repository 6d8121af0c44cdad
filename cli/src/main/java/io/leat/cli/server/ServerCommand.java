package io.leat.cli.server;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.Endpoint;
import io.leat.broker.config.SecurityKeys;
import io.leat.cli.command.ExitCode;
import io.leat.cli.terminal.Terminal;
import io.leat.ops.BuildInfo;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final String LISTENER = "PLAINTEXT";

    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-d", "--data-dir"},
            paramLabel = "DIR",
            description = "Where everything is kept (default: data).")
    private @Nullable Path dataDirectory;

    @Option(
            names = {"-l", "--listen"},
            paramLabel = "HOST:PORT",
            description = "Where Kafka clients connect (default: 127.0.0.1:9092).")
    private @Nullable String listen;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9644",
            description = "Where health and metrics are (default: ${DEFAULT-VALUE}).")
    private String http = "";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "A properties file; options given here win over it.")
    private @Nullable Path config;

    @Option(
            names = {"-s", "--set"},
            paramLabel = "KEY=VALUE",
            description = "One setting of the configuration; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--insecure",
            description =
                    "Listen beyond this machine without asking who the clients are: for networks"
                            + " that you trust.")
    private boolean insecure;

    public ServerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        InetSocketAddress httpAddress = httpAddress();
        Server server = Server.start(BrokerConfig.load(config, allSettings()), httpAddress);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().name("leat-stop").unstarted(() -> stop(server)));
        terminal.line(readyLine(server));
        terminal.flush();
        new CountDownLatch(1).await();
        return ExitCode.OK;
    }

    private Map<String, String> allSettings() {
        Map<String, String> all = new LinkedHashMap<>(settings);
        Optional.ofNullable(dataDirectory).ifPresent(path -> all.put("log.dir", path.toString()));
        Optional.ofNullable(listen)
                .ifPresent(text -> all.put("listeners", endpoint("--listen", text).toString()));
        if (insecure) {
            all.put(SecurityKeys.INSECURE.name(), "true");
        }
        return all;
    }

    private InetSocketAddress httpAddress() {
        Endpoint endpoint = endpoint("--http", http);
        return endpoint.host().isEmpty()
                ? new InetSocketAddress(endpoint.port())
                : new InetSocketAddress(endpoint.host(), endpoint.port());
    }

    private Endpoint endpoint(String option, String text) {
        try {
            return Endpoint.parse(LISTENER + "://" + text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " takes HOST:PORT, such as 127.0.0.1:9092, not '" + text + "'",
                    e);
        }
    }

    private String readyLine(Server server) {
        String addresses =
                server.addresses().stream()
                        .map(ServerCommand::text)
                        .collect(Collectors.joining(", "));
        return "Leat %s is ready: Kafka clients connect to %s, HTTP is at http://%s%s"
                .formatted(
                        BuildInfo.read().version(),
                        addresses,
                        text(server.httpAddress()),
                        sinceProcessStart()
                                .map(time -> " (" + time.toMillis() + " ms)")
                                .orElse(""));
    }

    /** How long the start took; empty where the launcher built the program first. */
    private static Optional<Duration> sinceProcessStart() {
        if (Boolean.getBoolean("leat.start.built")) {
            return Optional.empty();
        }
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()));
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /**
     * Ends the process from within its shutdown, with 0: a server that was told to stop and did so
     * has not failed, which is what the JVM's own 143 would say to those who started it.
     */
    private static void stop(Server server) {
        int code = ExitCode.OK;
        try {
            server.close();
        } catch (RuntimeException e) {
            Logger log = LoggerFactory.getLogger(ServerCommand.class);
            log.error("The broker did not stop cleanly", e);
            code = ExitCode.FAILED;
        }
        Runtime.getRuntime().halt(code);
    }
}
