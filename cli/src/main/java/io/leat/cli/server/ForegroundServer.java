package io.leat.cli.server;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.Endpoint;
import io.leat.cli.command.ExitCode;
import io.leat.cli.terminal.ClosedOutputException;
import io.leat.cli.terminal.Terminal;
import io.leat.ops.BuildInfo;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that is its process. */
public final class ForegroundServer {
    private ForegroundServer() {}

    /**
     * Runs a server until the process is told to end.
     *
     * @throws RuntimeException what {@link Server#start} throws
     */
    public static int run(Terminal terminal, ServerOptions options) throws InterruptedException {
        Server server = start(options);
        AtomicInteger code = new AtomicInteger(ExitCode.OK);
        // Before anybody is told: who reads the line may end the process at once.
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("leat-stop")
                                .unstarted(() -> stop(server, code.get())));
        try {
            announce(terminal, server);
        } catch (RuntimeException e) {
            code.set(e instanceof ClosedOutputException ? ExitCode.OUTPUT_CLOSED : ExitCode.FAILED);
            throw e;
        }
        new CountDownLatch(1).await();
        return ExitCode.OK;
    }

    /** Starts a server. Throws as {@link #run} does. */
    public static Server start(ServerOptions options) {
        BrokerConfig config = BrokerConfig.load(options.config().orElse(null), options.settings());
        return Server.start(config, address(options.http()));
    }

    /** Says where a server is. */
    public static void announce(Terminal terminal, Server server) {
        terminal.line(readyLine(server));
        terminal.flush();
    }

    private static InetSocketAddress address(Endpoint endpoint) {
        return endpoint.host().isEmpty()
                ? new InetSocketAddress(endpoint.port())
                : new InetSocketAddress(endpoint.host(), endpoint.port());
    }

    private static String readyLine(Server server) {
        String addresses =
                server.addresses().stream().map(Endpoint::text).collect(Collectors.joining(", "));
        return "Leat %s is ready: Kafka clients connect to %s, HTTP is at http://%s%s"
                .formatted(
                        BuildInfo.read().version(),
                        addresses,
                        Endpoint.text(server.httpAddress()),
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

    /**
     * Ends the process from within its shutdown. With 0 where it was told to: a server that was
     * told to stop and did so has not failed, which is what the JVM's own 143 would say to those
     * who started it.
     */
    private static void stop(Server server, int code) {
        int result = code;
        try {
            server.close();
        } catch (RuntimeException e) {
            Logger log = LoggerFactory.getLogger(ForegroundServer.class);
            log.error("The broker did not stop cleanly", e);
            result = ExitCode.FAILED;
        }
        Runtime.getRuntime().halt(result);
    }
}
