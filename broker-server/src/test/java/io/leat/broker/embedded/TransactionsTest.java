package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Transactions of Apache Kafka's own client, which finds transaction version 2 here. */
class TransactionsTest {
    private static final int PARTITIONS = 3;

    private static EmbeddedBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(Map.of());
        admin = broker.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    private static void topic(String name) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get();
    }

    private static KafkaProducer<byte[], byte[]> producer(String id, String timeoutMillis) {
        KafkaProducer<byte[], byte[]> producer =
                broker.producer(
                        Map.of("transactional.id", id, "transaction.timeout.ms", timeoutMillis));
        producer.initTransactions();
        return producer;
    }

    private static KafkaProducer<byte[], byte[]> producer(String id) {
        return producer(id, "60000");
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String value) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            var _ =
                    producer.send(
                            new ProducerRecord<>(topic, partition, null, bytes(value + partition)));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<TopicPartition> partitions(String topic) {
        return List.of(
                new TopicPartition(topic, 0),
                new TopicPartition(topic, 1),
                new TopicPartition(topic, 2));
    }

    /** What a consumer sees up to the end of each partition, sorted. */
    private static List<String> read(String topic, String isolation) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                broker.consumer(Map.of("isolation.level", isolation))) {
            consumer.assign(partitions(topic));
            consumer.seekToBeginning(partitions(topic));
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions(topic));
            await(() -> {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    values.add(new String(record.value(), StandardCharsets.UTF_8));
                }
                return ends.entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
        values.sort(null);
        return values;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not come in 30 s");
            Thread.onSpinWait();
        }
    }

    @Test
    void committedRecordsAreSeenAndAbortedOnesAreNot() throws Exception {
        topic("kept");
        try (KafkaProducer<byte[], byte[]> producer = producer("keeper")) {
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                send(producer, "kept", i + "-");
                send(producer, "kept", i + "+");
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.flush();
                    producer.abortTransaction();
                }
            }
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 6; i += 2) {
            for (String sign : List.of("+", "-")) {
                for (int p = 0; p < PARTITIONS; p++) {
                    expected.add(i + sign + p);
                }
            }
        }
        expected.sort(null);
        assertEquals(expected, read("kept", "read_committed"));
        assertEquals(36, read("kept", "read_uncommitted").size());
    }

    @Test
    void anOpenTransactionHoldsBackWhatComesBehindIt() throws Exception {
        topic("held");
        try (KafkaProducer<byte[], byte[]> slow = producer("slow");
                KafkaProducer<byte[], byte[]> fast = producer("fast")) {
            slow.beginTransaction();
            send(slow, "held", "slow");
            slow.flush();
            fast.beginTransaction();
            send(fast, "held", "fast");
            fast.commitTransaction();
            assertEquals(List.of(), read("held", "read_committed"));
            assertEquals(0, stableEnd("held"));
            assertEquals(
                    List.of("fast0", "fast1", "fast2", "slow0", "slow1", "slow2"),
                    read("held", "read_uncommitted"));
            slow.commitTransaction();
            assertEquals(6, read("held", "read_committed").size());
            assertEquals(4, stableEnd("held"));
        }
    }

    private static long stableEnd(String topic) throws Exception {
        return admin.listOffsets(
                        Map.of(new TopicPartition(topic, 0), OffsetSpec.latest()),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get()
                .get(new TopicPartition(topic, 0))
                .offset();
    }

    @Test
    void offsetsAreCommittedWithTheTransactionOnly() throws Exception {
        topic("read");
        TopicPartition partition = new TopicPartition("read", 1);
        try (KafkaProducer<byte[], byte[]> producer = producer("offsets")) {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(
                    Map.of(partition, new OffsetAndMetadata(5, "note")), group("readers", -1, ""));
            assertEquals(null, committed("readers", partition));
            producer.abortTransaction();
            assertEquals(null, committed("readers", partition));

            producer.beginTransaction();
            send(producer, "read", "x");
            producer.sendOffsetsToTransaction(
                    Map.of(partition, new OffsetAndMetadata(7, "noted")), group("readers", -1, ""));
            assertEquals(null, committed("readers", partition));
            producer.commitTransaction();
            assertEquals(new OffsetAndMetadata(7, "noted"), committed("readers", partition));
        }
    }

    // The only way to say what a consumer would say that has missed a rebalance.
    @SuppressWarnings("removal")
    private static ConsumerGroupMetadata group(String id, int generation, String memberId) {
        return new ConsumerGroupMetadata(id, generation, memberId, Optional.empty());
    }

    private static OffsetAndMetadata committed(String group, TopicPartition partition)
            throws Exception {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
    }

    @Test
    void offsetsOfAnOldGenerationAreRefused() throws Exception {
        topic("generations");
        try (KafkaProducer<byte[], byte[]> producer = producer("generations");
                KafkaConsumer<byte[], byte[]> consumer =
                        broker.consumer(Map.of("group.id", "generations"))) {
            consumer.subscribe(List.of("generations"));
            await(() -> {
                consumer.poll(Duration.ofMillis(50));
                return !consumer.assignment().isEmpty();
            });
            ConsumerGroupMetadata now = consumer.groupMetadata();
            ConsumerGroupMetadata old =
                    group("generations", now.generationId() - 1, now.memberId());
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    Map.of(new TopicPartition("generations", 0), new OffsetAndMetadata(1));
            producer.beginTransaction();
            assertThrows(
                    KafkaException.class, () -> producer.sendOffsetsToTransaction(offsets, old));
            producer.abortTransaction();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(offsets, now);
            producer.commitTransaction();
            assertEquals(
                    1, committed("generations", new TopicPartition("generations", 0)).offset());
        }
    }

    @Test
    void aNewInstanceFencesTheOldOneAndAbortsItsTransaction() throws Exception {
        topic("fenced");
        try (KafkaProducer<byte[], byte[]> zombie = producer("fenced")) {
            zombie.beginTransaction();
            send(zombie, "fenced", "zombie");
            zombie.flush();
            try (KafkaProducer<byte[], byte[]> heir = producer("fenced")) {
                assertThrows(ProducerFencedException.class, zombie::commitTransaction);
                heir.beginTransaction();
                send(heir, "fenced", "heir");
                heir.commitTransaction();
            }
        }
        assertEquals(List.of("heir0", "heir1", "heir2"), read("fenced", "read_committed"));
    }

    @Test
    void aZombiesRecordsAreRefused() throws Exception {
        topic("zombies");
        try (KafkaProducer<byte[], byte[]> zombie = producer("zombies")) {
            zombie.beginTransaction();
            send(zombie, "zombies", "first");
            zombie.flush();
            try (KafkaProducer<byte[], byte[]> heir = producer("zombies")) {
                var late = zombie.send(new ProducerRecord<>("zombies", 0, null, bytes("late")));
                ExecutionException refused = assertThrows(ExecutionException.class, late::get);
                assertInstanceOf(InvalidProducerEpochException.class, refused.getCause());
                heir.beginTransaction();
                heir.commitTransaction();
            }
        }
        assertEquals(List.of(), read("zombies", "read_committed"));
    }

    @Test
    void aTransactionThatTakesTooLongIsAborted() throws Exception {
        topic("late");
        try (KafkaProducer<byte[], byte[]> producer = producer("late", "300")) {
            producer.beginTransaction();
            send(producer, "late", "late");
            producer.flush();
            await(() -> state("late") == TransactionState.COMPLETE_ABORT);
            assertEquals(List.of(), read("late", "read_committed"));
            assertThrows(KafkaException.class, producer::commitTransaction);
        }
        try (KafkaProducer<byte[], byte[]> again = producer("late")) {
            again.beginTransaction();
            send(again, "late", "again");
            again.commitTransaction();
        }
        assertEquals(List.of("again0", "again1", "again2"), read("late", "read_committed"));
    }

    @Test
    void clientsFindTransactionVersion2() throws Exception {
        topic("epochs");
        try (KafkaProducer<byte[], byte[]> producer = producer("epochs")) {
            for (int epoch = 1; epoch <= 3; epoch++) {
                producer.beginTransaction();
                send(producer, "epochs", "x");
                producer.commitTransaction();
                TransactionDescription ended =
                        admin.describeTransactions(List.of("epochs")).description("epochs").get();
                assertEquals(epoch, ended.producerEpoch(), "it goes up with each transaction");
            }
        }
    }

    private static TransactionState state(String id) {
        try {
            return admin.describeTransactions(List.of(id)).description(id).get().state();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void transactionsAreListedAndDescribed() throws Exception {
        topic("described");
        try (KafkaProducer<byte[], byte[]> producer = producer("described-1")) {
            assertEquals(TransactionState.EMPTY, state("described-1"));
            producer.beginTransaction();
            send(producer, "described", "x");
            producer.flush();
            TransactionDescription open =
                    admin.describeTransactions(List.of("described-1"))
                            .description("described-1")
                            .get();
            assertEquals(TransactionState.ONGOING, open.state());
            assertEquals(Set.copyOf(partitions("described")), open.topicPartitions());
            assertEquals(60_000, open.transactionTimeoutMs());
            assertTrue(open.transactionStartTimeMs().isPresent());

            Collection<TransactionListing> listed =
                    admin.listTransactions(
                                    new ListTransactionsOptions()
                                            .filterOnTransactionalIdPattern("described-.*")
                                            .filterStates(Set.of(TransactionState.ONGOING)))
                            .all()
                            .get();
            assertEquals(
                    List.of(
                            new TransactionListing(
                                    "described-1", open.producerId(), TransactionState.ONGOING)),
                    List.copyOf(listed));

            ProducerState state = producersOf(new TopicPartition("described", 0)).getFirst();
            assertEquals(open.producerId(), state.producerId());
            assertEquals(open.producerEpoch(), state.producerEpoch());
            assertEquals(OptionalLong.of(0), state.currentTransactionStartOffset());
            producer.commitTransaction();
            assertEquals(TransactionState.COMPLETE_COMMIT, state("described-1"));
        }
        ExecutionException unknown =
                assertThrows(
                        ExecutionException.class,
                        () ->
                                admin.describeTransactions(List.of("nobody"))
                                        .description("nobody")
                                        .get());
        assertInstanceOf(TransactionalIdNotFoundException.class, unknown.getCause());
    }

    private static List<ProducerState> producersOf(TopicPartition partition) throws Exception {
        return admin.describeProducers(List.of(partition))
                .partitionResult(partition)
                .get()
                .activeProducers();
    }

    @Test
    void anAdministratorFencesProducersAndEndsTransactions() throws Exception {
        topic("admin");
        TopicPartition partition = new TopicPartition("admin", 0);
        try (KafkaProducer<byte[], byte[]> producer = producer("admin")) {
            producer.beginTransaction();
            send(producer, "admin", "x");
            producer.flush();
            ProducerState state = producersOf(partition).getFirst();
            admin.abortTransaction(
                            new AbortTransactionSpec(
                                    partition,
                                    state.producerId(),
                                    (short) state.producerEpoch(),
                                    0))
                    .all()
                    .get();
            assertEquals(
                    OptionalLong.empty(),
                    producersOf(partition).getFirst().currentTransactionStartOffset());
            assertEquals(2, stableEnd("admin"));
            admin.fenceProducers(List.of("admin")).all().get();
            assertThrows(ProducerFencedException.class, producer::commitTransaction);
        }
        assertEquals(List.of(), read("admin", "read_committed"));
    }

    @Test
    void emptyTransactionsAndDeletedTopicsDoNotHangAnything() throws Exception {
        topic("gone");
        topic("stays");
        try (KafkaProducer<byte[], byte[]> producer = producer("gone")) {
            producer.beginTransaction();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, "gone", "x");
            send(producer, "stays", "x");
            producer.flush();
            admin.deleteTopics(List.of("gone")).all().get();
            producer.commitTransaction();
            assertEquals(3, read("stays", "read_committed").size());
        }
    }
}
