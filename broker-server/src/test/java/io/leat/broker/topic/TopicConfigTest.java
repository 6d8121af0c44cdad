package io.leat.broker.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.TopicKeys;
import io.leat.storage.api.LogConfig;
import io.leat.wire.ErrorCode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TopicConfigTest {
    @Test
    void hasEveryConfigOfKafka() throws IllegalAccessException {
        Set<String> kafkas = new TreeSet<>();
        for (var field : org.apache.kafka.common.config.TopicConfig.class.getFields()) {
            if (field.getName().endsWith("_CONFIG")) {
                kafkas.add((String) field.get(null));
            }
        }
        kafkas.remove("message.downconversion.enable"); // gone since 4.0, its constant is left
        Set<String> ours = new TreeSet<>(TopicKeys.all().keySet());
        ours.remove("leader.replication.throttled.replicas"); // declared elsewhere in Kafka
        ours.remove("follower.replication.throttled.replicas");
        ours.removeIf(key -> key.startsWith("leat.")); // what Kafka does not have
        assertEquals(kafkas, ours);
    }

    @Test
    void overridesWinOverTheBrokersDefaults() {
        BrokerConfig broker = BrokerConfig.of(Map.of("message.max.bytes", "5000"));
        TopicConfig plain = new TopicConfig(broker, Map.of());
        assertEquals(5000, plain.batchBytesMax());
        TopicConfig own = new TopicConfig(broker, Map.of("max.message.bytes", "7000"));
        assertEquals(7000, own.batchBytesMax());
        assertEquals("7000", own.text(TopicKeys.MAX_MESSAGE_BYTES));
    }

    @Test
    void theLogHearsOfItsPart() {
        TopicConfig config =
                new TopicConfig(
                        BrokerConfig.defaults(),
                        Map.of(
                                "segment.bytes", "2000000",
                                "segment.ms", "3",
                                "message.timestamp.type", "LogAppendTime"));
        assertEquals(2_000_000, config.logConfig().segmentBytes());
        assertEquals(3, config.logConfig().segmentMillis());
        assertEquals(LogConfig.TimestampType.LOG_APPEND_TIME, config.logConfig().timestampType());
        assertEquals(
                LogConfig.DEFAULT, new TopicConfig(BrokerConfig.defaults(), Map.of()).logConfig());
    }

    @Test
    void mistakesAreNamed() {
        TopicException unknown =
                assertThrows(
                        TopicException.class,
                        () ->
                                new TopicConfig(
                                        BrokerConfig.defaults(), Map.of("retention.mss", "1")));
        assertEquals(ErrorCode.INVALID_CONFIG, unknown.error());
        assertEquals(
                "Unknown topic config name: retention.mss; did you mean retention.ms?",
                unknown.getMessage());
    }
}
