package io.leat.tests.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.LeatBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator sees of a running server over HTTP. */
class HealthAndMetricsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][\\w:]*(?:\\{.*})?) (-?[\\d.]+(?:E-?\\d+)?|NaN|\\+Inf)");

    private static final Pattern LABEL = Pattern.compile("[{,]([a-z_]+)=\"");

    private static LeatBroker leat;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        leat = new LeatBroker(Map.of());
        leat.start();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        leat.close();
    }

    @Test
    void isLiveAndReady() throws Exception {
        assertEquals(200, get("/health/live").statusCode());
        assertEquals(200, get("/health/ready").statusCode());
        assertEquals(404, get("/no/such/page").statusCode());
    }

    @Test
    void showsTrafficByTopicAndApiAndTheForcesOfTheDisk() throws Exception {
        topic("traffic", 2);
        produce("traffic", 0, 100);
        produce("traffic", 1, 50);
        assertEquals(150, await("leat_topic_records_in_total{topic=\"traffic\"}", 150));
        assertTrue(metrics().get("leat_topic_bytes_in_total{topic=\"traffic\"}") > 0);
        assertEquals(100, metric("leat_log_end_offset{partition=\"0\",topic=\"traffic\"}"));
        assertTrue(metric("leat_log_size_bytes{partition=\"1\",topic=\"traffic\"}") > 0);
        assertTrue(metric("leat_request_duration_seconds_count{api=\"Produce\"}") >= 2);
        assertTrue(metric("leat_request_duration_seconds_sum{api=\"Produce\"}") > 0);
        assertTrue(metric("leat_storage_force_duration_seconds_count") >= 2);
        assertTrue(metric("leat_connections") >= 0);
        read("traffic", 0, 100);
        assertTrue(await("leat_topic_records_out_total{topic=\"traffic\"}", 100) >= 100);
    }

    @Test
    void showsTheLagOfEveryGroupByPartition() throws Exception {
        topic("lagging", 2);
        produce("lagging", 0, 100);
        produce("lagging", 1, 10);
        commit("slow", Map.of(0, 40L, 1, 10L));
        commit("other", Map.of(0, 0L));
        assertEquals(60, await(lag("slow", 0), 60));
        assertEquals(0, await(lag("slow", 1), 0));
        assertEquals(100, await(lag("other", 0), 100));
        produce("lagging", 0, 5);
        assertEquals(65, await(lag("slow", 0), 65));
        commit("slow", Map.of(0, 105L));
        assertEquals(0, await(lag("slow", 0), 0));
        leat.stop();
        leat.start();
        assertEquals(105, await(lag("other", 0), 105), "after a restart");
    }

    @Test
    void everyLineIsPrometheusText() throws Exception {
        HttpResponse<String> answer = get("/metrics");
        assertTrue(answer.headers().firstValue("content-type").orElse("").startsWith("text/plain"));
        List<String> odd =
                answer.body()
                        .lines()
                        .filter(line -> !line.startsWith("# ") && !line.isEmpty())
                        .filter(line -> !SAMPLE.matcher(line).matches())
                        .toList();
        assertEquals(List.of(), odd);
    }

    @Test
    void dashboardsAndAlertsAskForWhatThereIs() throws Exception {
        topic("watched", 1);
        produce("watched", 0, 10);
        read("watched", 0, 10);
        try (Admin admin = Admin.create(config())) {
            var place = new TopicPartition("watched", 0);
            admin.alterConsumerGroupOffsets("watcher", Map.of(place, new OffsetAndMetadata(4)))
                    .all()
                    .get();
            // Of what a broker answers with errors there is a count only once it has done so.
            var unknown = admin.describeTopics(List.of("no-such-topic")).allTopicNames();
            assertThrows(ExecutionException.class, unknown::get);
        }
        assertEquals(
                6,
                await("leat_consumer_lag{group=\"watcher\",partition=\"0\",topic=\"watched\"}", 6));
        Set<String> names = new TreeSet<>();
        Set<String> labels = new TreeSet<>();
        for (String sample : metrics().keySet()) {
            names.add(sample.replaceFirst("\\{.*", ""));
            Matcher label = LABEL.matcher(sample);
            while (label.find()) {
                labels.add(label.group(1));
            }
        }
        MonitoringFiles files = MonitoringFiles.read(Folders.repository().resolve("ops"));
        Set<String> missing = files.metrics();
        missing.removeAll(names);
        assertEquals(Set.of(), missing);
        Set<String> unknownLabels = files.labels();
        unknownLabels.removeAll(labels);
        assertEquals(Set.of(), unknownLabels);
    }

    private static String lag(String group, int partition) {
        return "leat_consumer_lag{group=\"%s\",partition=\"%d\",topic=\"lagging\"}"
                .formatted(group, partition);
    }

    /** Waits until a sample has at least, or for gauges exactly, this value. */
    private static double await(String sample, double value) {
        Await.until(
                () -> sample + " at " + value + ", is " + metrics().get(sample),
                LIMIT,
                () -> {
                    Double now = metrics().get(sample);
                    return now != null && (sample.contains("_total") ? now >= value : now == value);
                });
        return metric(sample);
    }

    private static double metric(String sample) {
        Double value = metrics().get(sample);
        assertTrue(value != null, () -> "no " + sample + " in " + metrics().keySet());
        return value;
    }

    private static Map<String, Double> metrics() {
        try {
            Map<String, Double> samples = new HashMap<>();
            get("/metrics")
                    .body()
                    .lines()
                    .forEach(line -> {
                        Matcher sample = SAMPLE.matcher(line);
                        if (sample.matches() && !sample.group(2).startsWith("+")) {
                            samples.put(sample.group(1), Double.valueOf(sample.group(2)));
                        }
                    });
            return samples;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + leat.http() + path))
                        .timeout(LIMIT)
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void topic(String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(config())) {
            admin.createTopics(Set.of(new NewTopic(name, partitions, (short) 1))).all().get();
        }
    }

    private static void produce(String topic, int partition, int count) {
        try (var producer =
                new KafkaProducer<>(config(), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                var _ = producer.send(new ProducerRecord<>(topic, partition, "key", "value " + i));
            }
        }
    }

    private static void read(String topic, int partition, int count) {
        var place = new TopicPartition(topic, partition);
        try (var consumer =
                new KafkaConsumer<>(config(), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(Set.of(place));
            consumer.seekToBeginning(Set.of(place));
            Await.until(
                    "records of " + place,
                    LIMIT,
                    () -> {
                        var _ = consumer.poll(Duration.ofMillis(100));
                        return consumer.position(place) >= count;
                    });
        }
    }

    private static void commit(String group, Map<Integer, Long> offsets) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
        offsets.forEach((partition, offset) ->
                all.put(new TopicPartition("lagging", partition), new OffsetAndMetadata(offset)));
        try (Admin admin = Admin.create(config())) {
            admin.alterConsumerGroupOffsets(group, all).all().get();
        }
    }

    private static Map<String, Object> config() {
        return Map.of("bootstrap.servers", leat.bootstrap());
    }
}
