package io.leat.tests.connect;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.FreePort;
import io.leat.tests.harness.HttpAnswer;
import io.leat.tests.harness.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A distributed worker of Kafka Connect, in a process of its own. */
final class ConnectWorker implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String SETTINGS =
            """
            group.id=connect
            key.converter=org.apache.kafka.connect.storage.StringConverter
            value.converter=org.apache.kafka.connect.storage.StringConverter
            config.storage.topic=connect-configs
            config.storage.replication.factor=1
            offset.storage.topic=connect-offsets
            offset.storage.replication.factor=1
            status.storage.topic=connect-status
            status.storage.replication.factor=1
            exactly.once.source.support=enabled
            plugin.discovery=service_load
            # Workers that were killed are soon missed.
            session.timeout.ms=3000
            heartbeat.interval.ms=500
            scheduled.rebalance.max.delay.ms=0
            offset.flush.interval.ms=500
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String address;
    private final ChildProcess process;

    /**
     * @param folder an empty one, for its settings
     */
    ConnectWorker(String bootstrap, Path folder) {
        address = "http://127.0.0.1:" + FreePort.next();
        Path settings = folder.resolve("worker.properties");
        try {
            Files.writeString(
                    settings,
                    SETTINGS
                            + "bootstrap.servers=%s%nlisteners=%s%n".formatted(bootstrap, address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process =
                ChildProcess.start(
                        "connect-worker",
                        folder,
                        JavaCommand.of(
                                JavaCommand.testClassPath(),
                                "org.apache.kafka.connect.cli.ConnectDistributed",
                                List.of(),
                                List.of(settings.toString())));
    }

    /** Creates a connector, or gives it these settings, once the worker takes part. */
    void configure(String connector, Map<String, String> settings) {
        String json =
                settings.entrySet().stream()
                        .map(each -> "\"%s\":\"%s\"".formatted(each.getKey(), each.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + "/connectors/" + connector + "/config"))
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(json))
                        .build();
        // While workers find each other, it answers that it cannot yet.
        Await.until(
                () -> connector + " is taken by " + describe(),
                LIMIT,
                () -> HttpAnswer.to(http, request).startsWith("201 "));
    }

    /** What it says of a connector: a status code and JSON. */
    String status(String connector) {
        return HttpAnswer.to(
                http,
                HttpRequest.newBuilder(URI.create(address + "/connectors/" + connector + "/status"))
                        .build());
    }

    void kill() {
        process.kill();
    }

    String describe() {
        return process.describe();
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
