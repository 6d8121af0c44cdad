package io.leat.cli.server;

import io.leat.broker.Broker;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.SecurityKeys;
import io.leat.cli.command.CommandFailure;
import io.leat.ops.BuildInfo;
import io.leat.ops.Readiness;
import io.leat.ops.http.HttpPlane;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A running broker with its HTTP plane. The two start side by side: health is there, and says "not
 * ready", while the broker still recovers its logs.
 */
public final class Server implements AutoCloseable {
    private final Broker broker;
    private final HttpPlane http;

    private Server(Broker broker, HttpPlane http) {
        this.broker = broker;
        this.http = http;
    }

    /**
     * Starts both.
     *
     * @param httpAddress where HTTP listens; port 0 takes any free one
     * @throws CommandFailure if HTTP cannot listen there
     * @throws RuntimeException what {@link Broker#start} throws
     */
    public static Server start(BrokerConfig config, InetSocketAddress httpAddress) {
        refuseExposure(config, httpAddress);
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        AtomicReference<@Nullable Broker> started = new AtomicReference<>();
        CompletableFuture<HttpPlane> httpStarting =
                CompletableFuture.supplyAsync(
                        () -> startHttp(httpAddress, meters, started),
                        task -> Thread.ofPlatform().daemon().name("leat-http-start").start(task));
        try {
            Broker broker = Broker.start(config, meters);
            started.set(broker);
            return new Server(broker, join(httpStarting));
        } catch (RuntimeException | Error e) {
            Broker broker = started.get();
            if (broker != null) {
                broker.close();
            }
            httpStarting.thenAccept(HttpPlane::close).exceptionally(ignored -> null).join();
            throw e;
        }
    }

    /** HTTP asks nobody who they are. */
    private static void refuseExposure(BrokerConfig config, InetSocketAddress address) {
        boolean here = !address.isUnresolved() && address.getAddress().isLoopbackAddress();
        if (!here && !config.get(SecurityKeys.INSECURE)) {
            throw new CommandFailure(
                    ("HTTP on %s:%d would show everybody who reaches it health and metrics; "
                                    + "listen on 127.0.0.1, or allow it with --insecure or "
                                    + "leat.insecure=true")
                            .formatted(address.getHostString(), address.getPort()));
        }
    }

    private static HttpPlane startHttp(
            InetSocketAddress address,
            PrometheusMeterRegistry meters,
            AtomicReference<@Nullable Broker> started) {
        try {
            return HttpPlane.start(
                    address,
                    readiness(started),
                    meters,
                    () -> refreshMeters(started),
                    BuildInfo.read());
        } catch (IOException e) {
            throw new CommandFailure(
                    "HTTP cannot listen on %s:%d: %s; choose another address with --http"
                            .formatted(address.getHostString(), address.getPort(), reason(e)),
                    e);
        }
    }

    private static void refreshMeters(AtomicReference<@Nullable Broker> started) {
        Broker broker = started.get();
        if (broker != null) {
            broker.refreshMeters();
        }
    }

    private static Readiness readiness(AtomicReference<@Nullable Broker> started) {
        return new Readiness() {
            @Override
            public List<String> obstacles() {
                Broker broker = started.get();
                return broker == null ? List.of("the broker is starting") : broker.obstacles();
            }

            @Override
            public List<String> warnings() {
                Broker broker = started.get();
                return broker == null ? List.of() : broker.warnings();
            }
        };
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("in use") ? "the port is in use" : message;
    }

    private static HttpPlane join(CompletableFuture<HttpPlane> starting) {
        try {
            return starting.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Where Kafka clients connect. */
    public InetSocketAddress address() {
        return broker.address();
    }

    /** All addresses for Kafka clients. */
    public List<InetSocketAddress> addresses() {
        return List.copyOf(broker.addresses().values());
    }

    /** Where HTTP is. */
    public InetSocketAddress httpAddress() {
        return http.address();
    }

    /** Answers what is under way and stops, in less than two seconds. */
    @Override
    public void close() {
        broker.close();
        http.close();
    }
}
