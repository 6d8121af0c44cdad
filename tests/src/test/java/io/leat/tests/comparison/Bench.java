package io.leat.tests.comparison;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * A running broker on the bench, and what one run of a workload finds out about it.
 *
 * @param scale all numbers of records and seconds are multiplied by this
 */
record Bench(TestBroker broker, double scale, Map<Metric, Double> results) {
    // Kafka refuses requests that make much more than that at once.
    private static final int PARTITIONS_AT_ONCE = 2_000;

    Bench(TestBroker broker, double scale) {
        this(broker, scale, new EnumMap<>(Metric.class));
    }

    void found(Metric metric, double value) {
        results.put(metric, value);
    }

    long records(long unscaled) {
        return Math.max(1_000, Math.round(unscaled * scale));
    }

    int seconds(int unscaled) {
        return (int) Math.max(3, Math.round(unscaled * scale));
    }

    Admin admin() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.bootstrap());
        properties.put("default.api.timeout.ms", "180000");
        properties.put("request.timeout.ms", "170000");
        return Admin.create(properties);
    }

    void createTopic(String name, int partitions) {
        createTopics(List.of(name), partitions);
    }

    void createTopics(List<String> names, int partitions) {
        int atOnce = Math.max(1, PARTITIONS_AT_ONCE / partitions);
        try (Admin admin = admin()) {
            for (int from = 0; from < names.size(); from += atOnce) {
                List<NewTopic> topics =
                        names.subList(from, Math.min(names.size(), from + atOnce)).stream()
                                .map(name -> new NewTopic(name, partitions, (short) 1))
                                .toList();
                admin.createTopics(topics).all().get(3, TimeUnit.MINUTES);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot create " + names.getFirst() + " …", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks for the end offsets of all partitions of some topics. */
    void awaitEndOffsets(List<String> topics, int partitions) {
        Map<TopicPartition, OffsetSpec> all =
                topics.stream()
                        .flatMap(topic ->
                                IntStream.range(0, partitions)
                                        .mapToObj(n -> new TopicPartition(topic, n)))
                        .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
        try (Admin admin = admin()) {
            var _ = admin.listOffsets(all).all().get(3, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the end offsets are not told", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    /** What the files of the broker take on the disk. */
    double diskMegabytes() {
        List<String> command =
                List.of("du", "-s", "--block-size=1000", broker.logDirectory().toString());
        try (var du = ChildProcess.start("du", Path.of("/"), command)) {
            du.awaitExit(Duration.ofMinutes(1)); // not 0 where a file vanished meanwhile
            String last = du.lines().getLast();
            return Double.parseDouble(last.substring(0, last.indexOf('\t'))) / 1e3;
        }
    }
}
