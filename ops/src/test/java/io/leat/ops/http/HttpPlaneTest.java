package io.leat.ops.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.ops.BuildInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpPlaneTest {
    private static final BuildInfo BUILD = new BuildInfo("1.2.3", "25");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<List<String>> obstacles = new AtomicReference<>(List.of());
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane = HttpPlane.start(loopback(), obstacles::get, registry, this::beforeScrape, BUILD);
    }

    private void beforeScrape() {
        Gauge.builder("late", () -> 7).register(registry);
    }

    @AfterEach
    void stop() {
        plane.close();
        client.close();
    }

    @Test
    void isLiveAndReady() throws Exception {
        HttpResponse<String> live = get("/health/live");
        assertEquals(200, live.statusCode());
        assertEquals("{\"status\":\"live\"}\n", live.body());
        HttpResponse<String> ready = get("/health/ready");
        assertEquals(200, ready.statusCode());
        assertEquals("{\"status\":\"ready\"}\n", ready.body());
        assertEquals("application/json", ready.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void saysWhyItIsNotReady() throws Exception {
        obstacles.set(List.of("the log of topic \"a\" cannot be written: disk full"));
        HttpResponse<String> ready = get("/health/ready");
        assertEquals(503, ready.statusCode());
        assertEquals(
                "{\"status\":\"not ready\",\"reasons\":"
                        + "[\"the log of topic \\\"a\\\" cannot be written: disk full\"]}\n",
                ready.body());
        assertEquals(200, get("/health/live").statusCode());
    }

    @Test
    void servesMetricsAsPrometheusText() throws Exception {
        registry.counter("requests", "api", "Produce").increment(3);
        HttpResponse<String> metrics = get("/metrics");
        assertEquals(200, metrics.statusCode());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                metrics.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(metrics.body().contains("requests_total{api=\"Produce\"} 3.0"), metrics::body);
        assertTrue(
                metrics.body().contains("leat_build_info{java=\"25\",version=\"1.2.3\"} 1"),
                metrics::body);
        assertTrue(metrics.body().contains("jvm_memory_used_bytes{"), metrics::body);
        assertTrue(metrics.body().contains("\nlate 7.0\n"), metrics::body);
        assertFalse(metrics.body().contains("# EOF"), metrics::body);
    }

    @Test
    void servesMetricsAsOpenMetricsText() throws Exception {
        HttpResponse<String> metrics =
                client.send(
                        request("/metrics")
                                .header("Accept", "application/openmetrics-text; version=1.0.0")
                                .build(),
                        BodyHandlers.ofString());
        assertEquals(
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                metrics.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(metrics.body().endsWith("# EOF\n"), metrics::body);
    }

    @Test
    void bindsJvmMetricsAtTheFirstScrapeOnly() throws Exception {
        get("/health/ready");
        assertTrue(registry.getMeters().isEmpty(), () -> registry.getMeters().toString());
        get("/metrics");
        int meters = registry.getMeters().size();
        get("/metrics");
        assertEquals(meters, registry.getMeters().size());
    }

    @Test
    void answersHead() throws Exception {
        HttpResponse<String> head =
                client.send(request("/health/ready").HEAD().build(), BodyHandlers.ofString());
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
    }

    @Test
    void showsWhatIsHere() throws Exception {
        HttpResponse<String> index = get("/");
        assertEquals(200, index.statusCode());
        assertTrue(index.body().contains("Leat 1.2.3"), index::body);
        assertTrue(index.body().contains("href=\"/metrics\""), index::body);
    }

    @Test
    void answersErrorsInJson() throws Exception {
        HttpResponse<String> missing = get("/no-such");
        assertEquals(404, missing.statusCode());
        assertTrue(missing.body().startsWith("{\"status\":404,\"error\":\""), missing::body);
        assertTrue(missing.body().contains("/no-such"), missing::body);
        HttpResponse<String> wrongMethod =
                client.send(request("/metrics").DELETE().build(), BodyHandlers.ofString());
        assertEquals(405, wrongMethod.statusCode());
        assertTrue(wrongMethod.body().contains("DELETE"), wrongMethod::body);
    }

    @Test
    void keepsAnInternalErrorToItself() throws Exception {
        obstacles.set(null);
        HttpResponse<String> ready = get("/health/ready");
        assertEquals(500, ready.statusCode());
        assertEquals(
                "{\"status\":500,\"error\":\"Internal Server Error; see the broker's log\"}\n",
                ready.body());
    }

    @Test
    void survivesGarbage() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), plane.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("\0\1\2 nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.getInputStream().readAllBytes();
        }
        assertEquals(200, get("/health/live").statusCode());
    }

    @Test
    void compressesForWhoAsks() throws Exception {
        HttpResponse<byte[]> metrics =
                client.send(
                        request("/metrics").header("Accept-Encoding", "gzip").build(),
                        BodyHandlers.ofByteArray());
        assertEquals("gzip", metrics.headers().firstValue("Content-Encoding").orElseThrow());
        String text =
                new String(
                        new GZIPInputStream(new ByteArrayInputStream(metrics.body()))
                                .readAllBytes(),
                        StandardCharsets.UTF_8);
        assertTrue(text.contains("leat_build_info"), text);
    }

    @Test
    void refusesAPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
            IOException error =
                    assertThrows(
                            IOException.class,
                            () ->
                                    HttpPlane.start(
                                            address,
                                            obstacles::get,
                                            registry,
                                            this::beforeScrape,
                                            BUILD));
            assertTrue(error.getMessage().contains("Address already in use"), error::toString);
        }
    }

    @Test
    void turnsAwayWhatIsTooMuch() throws Exception {
        CountDownLatch entered = new CountDownLatch(RequestGate.REQUESTS_MAX);
        CountDownLatch release = new CountDownLatch(1);
        try (HttpPlane slow =
                HttpPlane.start(
                        loopback(),
                        () -> {
                            entered.countDown();
                            await(release);
                            return List.of();
                        },
                        registry,
                        () -> {},
                        BUILD)) {
            List<CompletableFuture<HttpResponse<String>>> busy =
                    IntStream.range(0, RequestGate.REQUESTS_MAX)
                            .mapToObj(i -> client.sendAsync(ready(slow), BodyHandlers.ofString()))
                            .toList();
            assertTrue(entered.await(20, TimeUnit.SECONDS));
            HttpResponse<String> refused = client.send(ready(slow), BodyHandlers.ofString());
            assertEquals(503, refused.statusCode());
            assertTrue(refused.body().contains("Too many requests"), refused::body);
            release.countDown();
            for (CompletableFuture<HttpResponse<String>> each : busy) {
                assertEquals(200, each.get(20, TimeUnit.SECONDS).statusCode());
            }
        } finally {
            release.countDown();
        }
    }

    @Test
    void stopsInTimeWhileARequestHangs() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        HttpPlane slow =
                HttpPlane.start(
                        loopback(),
                        () -> {
                            entered.countDown();
                            await(release);
                            return List.of();
                        },
                        registry,
                        () -> {},
                        BUILD);
        CompletableFuture<HttpResponse<String>> hanging =
                client.sendAsync(ready(slow), BodyHandlers.ofString());
        assertTrue(entered.await(20, TimeUnit.SECONDS));
        assertTimeout(Duration.ofSeconds(2), slow::close);
        release.countDown();
        assertThrows(ExecutionException.class, () -> hanging.get(20, TimeUnit.SECONDS));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static HttpRequest ready(HttpPlane plane) {
        return HttpRequest.newBuilder()
                .timeout(Duration.ofSeconds(30))
                .uri(URI.create("http://127.0.0.1:" + plane.address().getPort() + "/health/ready"))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder()
                .timeout(Duration.ofSeconds(30))
                .uri(URI.create("http://127.0.0.1:" + plane.address().getPort() + path));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }
}
