package io.leat.ops.http;

import io.leat.ops.BuildInfo;
import io.leat.ops.Readiness;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP plane beside the broker: an event loop of its own, and virtual threads for whatever may
 * take long. How many requests run at once, how large they are and how long a connection may idle
 * is bounded.
 *
 * <pre>
 *   GET /               what is here
 *   GET /health/live    200 while the process answers
 *   GET /health/ready   200 when clients can be served, otherwise 503 with the reasons
 *   GET /metrics        Prometheus or OpenMetrics text
 * </pre>
 *
 * Errors are JSON: {@code {"status":404,"error":"..."}}.
 */
public final class HttpPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpPlane.class);
    private static final int IDLE_SECONDS_MAX = 60;
    private static final int CLOSE_MILLIS_MAX = 1000;

    private final Vertx vertx;
    private final InetSocketAddress address;
    private final JvmMetrics jvmMetrics;

    private HttpPlane(Vertx vertx, InetSocketAddress address, JvmMetrics jvmMetrics) {
        this.vertx = vertx;
        this.address = address;
        this.jvmMetrics = jvmMetrics;
    }

    /**
     * Binds and serves.
     *
     * @param address where; port 0 takes any free one
     * @param beforeScrape run before meters are read, by a thread that may block
     * @throws IOException if the address cannot be bound
     */
    public static HttpPlane start(
            InetSocketAddress address,
            Readiness readiness,
            PrometheusMeterRegistry registry,
            Runnable beforeScrape,
            BuildInfo build)
            throws IOException {
        Vertx vertx = Vertx.vertx(options());
        JvmMetrics jvmMetrics = new JvmMetrics(registry, build);
        Router router = Router.router(vertx);
        ErrorAnswers.install(router);
        router.route().handler(new RequestGate());
        new IndexPage(build).addTo(router);
        new HealthRoutes(readiness).addTo(router);
        new MetricsRoute(registry, jvmMetrics, beforeScrape).addTo(router);
        HttpServer server =
                vertx.createHttpServer(serverOptions())
                        .requestHandler(router)
                        .exceptionHandler(HttpPlane::brokenConnection);
        try {
            Future<HttpServer> bound = server.listen(SocketAddress.inetSocketAddress(address));
            bound.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause(), "join fails with a cause");
            vertx.close();
            throw new IOException(cause.getMessage(), cause);
        }
        InetSocketAddress actual =
                new InetSocketAddress(address.getHostString(), server.actualPort());
        return new HttpPlane(vertx, actual, jvmMetrics);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Stops at once: answers still being written are cut off. */
    @Override
    public void close() {
        try {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The HTTP server did not stop cleanly: {}", e.toString());
        }
        jvmMetrics.close();
    }

    private static VertxOptions options() {
        return new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        // No scratch folder: nothing is served from inside jars.
                        new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false));
    }

    private static HttpServerOptions serverOptions() {
        return new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setCompressionSupported(true)
                .setIdleTimeout(IDLE_SECONDS_MAX)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
    }

    private static void brokenConnection(Throwable error) {
        LOG.debug("An HTTP connection broke: {}", error.toString());
    }
}
