package io.leat.broker.delay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.embedded.EmbeddedBroker;
import io.leat.storage.api.StateStore.Write;
import io.leat.storage.rocks.RocksStateStore;
import io.leat.wire.record.Compression;
import io.leat.wire.record.Record;
import io.micrometer.core.instrument.Gauge;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stop may leave in the store, and what the next start makes of it. */
class RecoveryTest {
    private static final TopicPartition PARTITION = new TopicPartition("recovered", 0);
    private static final Sequence NOBODY = new Sequence(-1, (short) -1, -1);

    private EmbeddedBroker broker;
    private LaneId lane;

    /** The producer's batch that is in the log, at offset 0. */
    private Sequence inLog;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(Map.of());
        try (Admin admin = broker.admin();
                var producer = broker.producer(Map.of())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(PARTITION.topic(), 1, (short) 1)
                                            .configs(Map.of("leat.delayed.delivery", "true"))))
                    .all()
                    .get();
            var _ =
                    producer.send(
                                    new ProducerRecord<>(
                                            PARTITION.topic(),
                                            0,
                                            null,
                                            "in the log".getBytes(StandardCharsets.UTF_8)))
                            .get();
            var id =
                    admin.describeTopics(List.of(PARTITION.topic()))
                            .allTopicNames()
                            .get()
                            .get(PARTITION.topic())
                            .topicId();
            lane =
                    new LaneId(
                            new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()), 0);
            ProducerState state =
                    admin.describeProducers(List.of(PARTITION))
                            .partitionResult(PARTITION)
                            .get()
                            .activeProducers()
                            .getFirst();
            inLog = new Sequence(state.producerId(), (short) state.producerEpoch(), 0);
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void recordsWhoseBatchIsInTheLogCount() {
        restartWith(pending(new Slot(1, 0), "held"), hold(0, inLog, false, 0, 1L));
        assertEquals(List.of("in the log", "held"), read(2));
    }

    @Test
    void recordsWhoseBatchIsNotInTheLogDoNot() {
        Sequence other = new Sequence(inLog.producerId(), inLog.epoch(), 1);
        restartWith(
                pending(new Slot(1, 0), "lost with its batch"),
                hold(0, other, false, 0, 1L),
                pending(new Slot(2, 1), "free"));
        assertEquals(List.of("in the log", "free"), read(2));
    }

    @Test
    void aBatchBeforeTheHoldIsAnother() {
        restartWith(
                pending(new Slot(1, 0), "sent again, and there already"),
                hold(0, inLog, false, 1, 1L),
                pending(new Slot(2, 1), "free"));
        assertEquals(List.of("in the log", "free"), read(2));
    }

    @Test
    void aBatchThatCameTwiceCountsOnce() {
        restartWith(
                pending(new Slot(1, 0), "first"),
                hold(0, inLog, false, 0, 1L),
                pending(new Slot(1, 1), "second"),
                hold(1, inLog, false, 0, 1L));
        assertEquals(List.of("in the log", "first"), read(2));
    }

    @Test
    void withoutAProducerItIsNeverLost() {
        restartWith(pending(new Slot(1, 0), "held"), hold(0, NOBODY, false, 0, 1L));
        assertEquals(List.of("in the log", "held"), read(2));
    }

    @Test
    void anOpenTransactionGoesOnHolding() {
        restartWith(
                pending(new Slot(1, 0), "in a transaction"),
                hold(0, inLog, true, 0, 1L),
                pending(new Slot(2, 1), "free"));
        assertEquals(List.of("in the log", "free"), read(2));
    }

    @Test
    void aHandOverIsDoneOnce() {
        Sequence sequence = new Sequence(4_711, (short) 0, 0);
        HandOver handOver = new HandOver(sequence, 1, List.of(new Slot(1, 0), new Slot(2, 1)));
        List<Write> left =
                List.of(
                        new Write.Put(
                                DelayFormat.PRODUCER,
                                ByteBuffer.allocate(Long.BYTES).putLong(0, 4_711).array()),
                        pending(new Slot(1, 0), "a"),
                        pending(new Slot(2, 1), "b"),
                        pending(new Slot(3, 2), "c"),
                        DelayFormat.put(lane, handOver));
        restartWith(left.toArray(Write[]::new));
        assertEquals(List.of("in the log", "a", "b", "c"), read(4));
        // As if what followed the append had not been written: the log knows the batch.
        restartWith(left.toArray(Write[]::new));
        List<String> again = read(4);
        assertEquals(List.of("in the log", "a", "b", "c"), again.subList(0, 4));
        assertEquals(1, again.stream().filter("a"::equals).count());
        assertEquals(1, again.stream().filter("b"::equals).count());
    }

    @Test
    void aRecordThatFitsIntoNoSegmentIsShownToBeLateUntilOneIsLargerAgain() throws Exception {
        String large = "x".repeat(1_500_000);
        alter("segment.bytes", "1048576");
        restartWith(pending(new Slot(1, 0), large), pending(new Slot(2, 1), "behind"));
        Gauge due = broker.meters().get("leat.delayed.next.due").gauge();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        // Due since 1970. Only once it was refused it is on its way for more than a moment.
        for (int late = 0; late < 20 && System.nanoTime() < deadline; ) {
            late = due.value() < 0 ? late + 1 : 0;
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        assertTrue(due.value() < -1_000_000_000, () -> "next due in " + due.value() + " s");
        assertEquals(List.of("in the log"), read(1));

        alter("segment.bytes", "4194304");
        assertEquals(List.of("in the log", large, "behind"), read(3));
        assertEquals(Double.NaN, due.value());
    }

    private void alter(String key, String value) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, PARTITION.topic());
        AlterConfigOp set =
                new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        try (Admin admin = broker.admin()) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(set))).all().get();
        }
    }

    private Write pending(Slot slot, String value) {
        Pending pending =
                new Pending(
                        Compression.NONE,
                        1,
                        Optional.empty(),
                        new Record(
                                -1,
                                1,
                                null,
                                ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)),
                                List.of()));
        return new Write.Put(DelayFormat.recordKey(lane, slot), DelayFormat.value(pending));
    }

    private Write hold(
            long first, Sequence producer, boolean transactional, long fromOffset, Long... due) {
        return DelayFormat.put(
                lane,
                new Hold(
                        first,
                        producer,
                        transactional,
                        false,
                        fromOffset,
                        List.of(due),
                        List.of()));
    }

    private void restartWith(Write... left) {
        broker.restart(data -> write(data, left));
    }

    private void write(Path data, Write... left) {
        long count = 0;
        for (Write write : left) {
            count += write instanceof Write.Put put && put.key()[0] == DelayFormat.RECORD ? 1 : 0;
        }
        try (RocksStateStore store =
                RocksStateStore.open(data.resolve("delayed"), RocksStateStore.Use.RECORDS)) {
            List<Write> all = new ArrayList<>(List.of(left));
            all.add(DelayFormat.put(lane, new LaneState(count, count, (short) 0, 0)));
            store.write(all, true);
        }
    }

    /** Reads so many records, and then what comes at once. */
    private List<String> read(int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = broker.consumer(Map.of())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                poll(consumer, values);
            }
            poll(consumer, values);
        }
        return values;
    }

    private static void poll(KafkaConsumer<byte[], byte[]> consumer, List<String> values) {
        consumer.poll(Duration.ofMillis(300))
                .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
    }
}
