package io.leat.tests.harness;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** What a broker says of its own health over HTTP. */
public final class Health implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest request;

    public Health(LeatBroker broker) {
        this.request =
                HttpRequest.newBuilder(URI.create("http://" + broker.http() + "/health/ready"))
                        .timeout(ANSWER_LIMIT)
                        .build();
    }

    /** What it says now: a status code and words. */
    public String answer() {
        return HttpAnswer.to(http, request);
    }

    /** Waits until it says that all is well. */
    public void awaitReady(Duration limit) {
        Await.until(() -> "ready: " + answer(), limit, () -> answer().startsWith("200 "));
    }

    /**
     * Waits until it says that something is wrong.
     *
     * @return its words
     */
    public String awaitNotReady(Duration limit) {
        AtomicReference<String> answer = new AtomicReference<>("");
        Await.until(
                () -> "not ready: " + answer,
                limit,
                () -> {
                    answer.set(answer());
                    return answer.get().startsWith("503 ");
                });
        return answer.get();
    }

    @Override
    public void close() {
        http.close();
    }
}
