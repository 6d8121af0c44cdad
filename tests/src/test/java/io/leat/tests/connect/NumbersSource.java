package io.leat.tests.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/**
 * Each task writes the numbers from 0 on to the partition of its own number, some at a time. How
 * far it came is Connect's to keep.
 */
public final class NumbersSource extends SourceConnector {
    static final String TOPIC = "topic";
    static final String COUNT = "count";

    private static final String TASK = "task";

    private Map<String, String> settings = Map.of();

    @Override
    public void start(Map<String, String> properties) {
        settings = Map.copyOf(properties);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return Numbers.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int tasks) {
        List<Map<String, String>> configs = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            configs.add(
                    Map.of(
                            TASK, Integer.toString(task),
                            TOPIC, settings.get(TOPIC),
                            COUNT, settings.get(COUNT)));
        }
        return configs;
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> properties) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define(TOPIC, ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "where to")
                .define(COUNT, ConfigDef.Type.INT, ConfigDef.Importance.HIGH, "how many each");
    }

    @Override
    public void stop() {
        // Nothing is held.
    }

    @Override
    public String version() {
        return "1";
    }

    /** A task of it. */
    public static final class Numbers extends SourceTask {
        private static final int BURST = 10;
        private static final long PAUSE_MILLIS = 20;
        private static final String NEXT = "next";

        private String topic = "";
        private int task;
        private long count;
        private long next;

        @Override
        public void start(Map<String, String> properties) {
            topic = properties.get(TOPIC);
            task = Integer.parseInt(properties.get(TASK));
            count = Long.parseLong(properties.get(COUNT));
            Map<String, Object> before = context.offsetStorageReader().offset(source());
            next = before == null ? 0 : (Long) before.get(NEXT);
        }

        private Map<String, ?> source() {
            return Map.of(TASK, Integer.toString(task));
        }

        @Override
        public List<SourceRecord> poll() throws InterruptedException {
            Thread.sleep(PAUSE_MILLIS); // connectors wait for their source
            List<SourceRecord> records = new ArrayList<>();
            for (; records.size() < BURST && next < count; next++) {
                records.add(
                        new SourceRecord(
                                source(),
                                Map.of(NEXT, next + 1),
                                topic,
                                task,
                                Schema.STRING_SCHEMA,
                                Integer.toString(task),
                                Schema.STRING_SCHEMA,
                                Long.toString(next)));
            }
            return records;
        }

        @Override
        public void stop() {
            // Nothing is held.
        }

        @Override
        public String version() {
            return "1";
        }
    }
}
