package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class OptionsTest {
    private static final Duration NEGATIVE = Duration.ofMillis(-1);

    @Test
    void theDefaultsAreAllowed() {
        assertEquals(List.of("a:1", "b:2"), ConnectionOptions.of("a:1, b:2").bootstrap());
        assertEquals(Acks.ALL, ProducerOptions.of("a:1").acks());
        assertEquals(List.of(Assignor.COOPERATIVE_STICKY), ConsumerOptions.of("a:1").assignors());
    }

    @Test
    void connectionOptionsNameWhatIsWrong() {
        for (String address :
                List.of(
                        "",
                        "localhost",
                        "localhost:",
                        ":9092",
                        "localhost:0",
                        "localhost:99999",
                        "::1:9092")) {
            assertNames("bootstrap", () -> ConnectionOptions.of(address));
        }
        assertConnection("connectTimeout", b -> b.connectTimeout(Duration.ZERO));
        assertConnection("bootstrapTimeout", b -> b.bootstrapTimeout(NEGATIVE));
        assertConnection("requestTimeout", b -> b.requestTimeout(Duration.ZERO));
        assertConnection("operationTimeout", b -> b.operationTimeout(Duration.ZERO));
        assertConnection("retryBackoff", b -> b.retryBackoff(Duration.ZERO));
        assertConnection("retryBackoffMax", b -> b.retryBackoffMax(Duration.ofMillis(1)));
        assertConnection("metadataAgeMax", b -> b.metadataAgeMax(Duration.ZERO));
        assertConnection("responseBytesMax", b -> b.responseBytesMax(10));
    }

    @Test
    void producerOptionsNameWhatIsWrong() {
        assertProducer("acks", b -> b.acks(Acks.LEADER));
        assertProducer("linger", b -> b.linger(NEGATIVE));
        assertProducer("batchBytes", b -> b.batchBytes(0));
        assertProducer("batchBytes", b -> b.batchBytes(2 << 20));
        assertProducer("requestBytesMax", b -> b.requestBytesMax(0));
        assertProducer("bufferBytes", b -> b.bufferBytes(1000));
        assertProducer("maxBlock", b -> b.maxBlock(NEGATIVE));
        assertProducer("deliveryTimeout", b -> b.deliveryTimeout(Duration.ZERO));
        assertProducer("inFlightMax", b -> b.inFlightMax(6));
    }

    @Test
    void consumerOptionsNameWhatIsWrong() {
        assertConsumer("groupId", b -> b.groupId(""));
        assertConsumer("groupInstanceId", b -> b.groupInstanceId("alone"));
        assertConsumer("assignors", b -> b.assignors());
        assertConsumer("assignors", b -> b.assignors(Assignor.RANGE, Assignor.RANGE));
        assertConsumer("autoCommitInterval", b -> b.autoCommitInterval(Duration.ZERO));
        assertConsumer("sessionTimeout", b -> b.sessionTimeout(Duration.ZERO));
        assertConsumer("heartbeatInterval", b -> b.heartbeatInterval(Duration.ofMinutes(1)));
        assertConsumer("maxPollInterval", b -> b.maxPollInterval(Duration.ZERO));
        assertConsumer("pollRecordsMax", b -> b.pollRecordsMax(0));
        assertConsumer("fetchBytesMin", b -> b.fetchBytesMin(-1));
        assertConsumer("fetchWait", b -> b.fetchWait(Duration.ofMinutes(1)));
        assertConsumer("fetchBytesMax", b -> b.fetchBytesMax(0));
        assertConsumer("partitionBytesMax", b -> b.partitionBytesMax(0));
        assertConsumer("prefetchBytes", b -> b.prefetchBytes(0));
        assertNames("offsetReset", () -> OffsetReset.byDuration(NEGATIVE));
    }

    private static void assertConnection(
            String option, Function<ConnectionOptions.Builder, ConnectionOptions.Builder> change) {
        assertNames(
                option, () -> change.apply(ConnectionOptions.builder("localhost:9092")).build());
    }

    private static void assertProducer(
            String option, Function<ProducerOptions.Builder, ProducerOptions.Builder> change) {
        assertNames(option, () -> change.apply(ProducerOptions.builder("localhost:9092")).build());
    }

    private static void assertConsumer(
            String option, Function<ConsumerOptions.Builder, ConsumerOptions.Builder> change) {
        assertNames(option, () -> change.apply(ConsumerOptions.builder("localhost:9092")).build());
    }

    private static void assertNames(String option, Runnable attempt) {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, attempt::run);
        assertTrue(failure.getMessage().startsWith(option), failure.getMessage());
    }
}
