package io.leat.tests.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The official share consumer and admin. */
class ShareConsumerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static TestBroker broker;
    private static Admin admin;
    private static int number;

    private String topic;
    private String group;

    @BeforeAll
    static void start() {
        broker =
                TestBrokers.start(
                        Map.of(
                                "group.share.min.record.lock.duration.ms",
                                "1000",
                                "errors.deadletterqueue.auto.create.topics.enable",
                                "true"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @BeforeEach
    void name() throws Exception {
        number++;
        topic = "topic" + number;
        group = "group" + number;
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        set("share.auto.offset.reset", "earliest");
    }

    private void set(String name, String value) throws Exception {
        Collection<AlterConfigOp> change =
                List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
        admin.incrementalAlterConfigs(
                        Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), change))
                .all()
                .get();
    }

    private KafkaShareConsumer<String, String> consumer(Map<String, Object> settings) {
        Map<String, Object> config = new HashMap<>(settings);
        config.put("bootstrap.servers", broker.bootstrap());
        config.put("group.id", group);
        var consumer =
                new KafkaShareConsumer<>(
                        config, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    private KafkaShareConsumer<String, String> explicit() {
        return consumer(Map.of("share.acknowledgement.mode", "explicit"));
    }

    private void produce(int from, int to) {
        produce(from, to, Map.of(), true);
    }

    private void produce(int from, int to, Map<String, Object> settings, boolean commit) {
        Map<String, Object> config = new HashMap<>(settings);
        config.put("bootstrap.servers", broker.bootstrap());
        boolean transactional = settings.containsKey("transactional.id");
        try (var producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            if (transactional) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            for (int i = from; i < to; i++) {
                var _ = producer.send(new ProducerRecord<>(topic, "k" + i, "v" + i));
            }
            producer.flush();
            if (transactional && commit) {
                producer.commitTransaction();
            } else if (transactional) {
                producer.abortTransaction();
            }
        }
    }

    private static List<ConsumerRecord<String, String>> poll(
            KafkaShareConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        Await.until(
                "records",
                LIMIT,
                () -> {
                    consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                    return !records.isEmpty();
                });
        return records;
    }

    private Set<String> drain(KafkaShareConsumer<String, String> consumer, int count) {
        Set<String> values = new TreeSet<>();
        Await.until(
                () -> "records, so far " + values,
                LIMIT,
                () -> {
                    for (var record : consumer.poll(Duration.ofMillis(200))) {
                        assertTrue(values.add(record.value()), record.value() + " comes twice");
                    }
                    return values.size() >= count;
                });
        consumer.commitSync();
        return values;
    }

    private long lag() throws Exception {
        return admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(group)
                .get()
                .get(new TopicPartition(topic, 0))
                .lag()
                .orElseThrow();
    }

    /** A batch goes to one member as a whole, so what is to be shared comes in small ones. */
    @Test
    void twoConsumersShareOnePartition() throws Exception {
        produce(0, 1_000, Map.of("batch.size", 200), true);
        shareOut(Map.of("max.poll.records", 10));
    }

    /** One fetch takes no more than its limit even of a batch that holds all. */
    @Test
    void twoConsumersShareOneBatch() throws Exception {
        produce(0, 1_000, Map.of("linger.ms", 1_000, "batch.size", 1 << 20), true);
        shareOut(Map.of("share.acquire.mode", "record_limit", "max.poll.records", 10));
    }

    private void shareOut(Map<String, Object> settings) throws Exception {
        try (var one = consumer(settings);
                var two = consumer(settings)) {
            Set<String> values = new TreeSet<>();
            Map<String, Integer> counts = new HashMap<>();
            Await.until(
                    () -> "all records: " + counts,
                    LIMIT,
                    () -> {
                        take(one, "one", values, counts);
                        take(two, "two", values, counts);
                        return values.size() == 1_000;
                    });
            one.commitSync();
            two.commitSync();
            assertEquals(Set.of("one", "two"), counts.keySet(), "both get records");
            assertEquals(0, lag());
        }
    }

    private static void take(
            KafkaShareConsumer<String, String> consumer,
            String name,
            Set<String> values,
            Map<String, Integer> counts) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
            assertTrue(values.add(record.value()), record.value() + " comes twice");
            counts.merge(name, 1, Integer::sum);
        }
    }

    @Test
    void recordsAreReleasedRejectedAndAccepted() throws Exception {
        String letters = "dlq." + group;
        set("errors.deadletterqueue.topic.name", letters);
        set("errors.deadletterqueue.copy.record.enable", "true");
        produce(0, 3);
        try (var consumer = explicit()) {
            List<ConsumerRecord<String, String>> first = poll(consumer);
            assertEquals(3, first.size());
            assertEquals((short) 1, first.getFirst().deliveryCount().orElseThrow());
            consumer.acknowledge(first.get(0), AcknowledgeType.RELEASE);
            consumer.acknowledge(first.get(1), AcknowledgeType.REJECT);
            consumer.acknowledge(first.get(2), AcknowledgeType.ACCEPT);
            consumer.commitSync();
            List<ConsumerRecord<String, String>> again = poll(consumer);
            assertEquals(List.of("v0"), again.stream().map(ConsumerRecord::value).toList());
            assertEquals((short) 2, again.getFirst().deliveryCount().orElseThrow());
            consumer.acknowledge(again.getFirst(), AcknowledgeType.ACCEPT);
            consumer.commitSync();
        }
        ConsumerRecord<String, String> letter = letters(letters, 1).getFirst();
        assertEquals("k1", letter.key());
        assertEquals("v1", letter.value());
        assertEquals(topic, header(letter, "__dlq.errors.topic"));
        assertEquals("0", header(letter, "__dlq.errors.partition"));
        assertEquals("1", header(letter, "__dlq.errors.offset"));
        assertEquals(group, header(letter, "__dlq.errors.group"));
        assertEquals("1", header(letter, "__dlq.errors.delivery.count"));
        assertTrue(header(letter, "__dlq.errors.message").contains("reject"));
        Await.until("archived", LIMIT, () -> lagUnchecked() == 0);
    }

    private long lagUnchecked() {
        try {
            return lag();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static List<ConsumerRecord<String, String>> letters(String name, int count) {
        List<ConsumerRecord<String, String>> letters = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                broker.bootstrap(),
                                "allow.auto.create.topics",
                                false),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(name, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Await.until(
                    "dead letters",
                    LIMIT,
                    () -> {
                        consumer.poll(Duration.ofMillis(200)).forEach(letters::add);
                        return letters.size() >= count;
                    });
        }
        return letters;
    }

    /**
     * Two members hold a record each: one renews its lock, one sleeps, and a third waits for both
     * records. Those two read a topic each, since Kafka's consumer keeps what it fetches to itself
     * while it renews.
     */
    @Test
    void locksEndUnlessTheyAreRenewed() throws Exception {
        set("share.record.lock.duration.ms", "2000");
        String second = topic + "-second";
        admin.createTopics(List.of(new NewTopic(second, 1, (short) 1))).all().get();
        produce(0, 1);
        try (var renewing = explicit();
                var sleeping = explicit();
                var other = explicit()) {
            ConsumerRecord<String, String> kept = poll(renewing).getFirst();
            assertEquals(2_000, renewing.acquisitionLockTimeoutMs().orElseThrow());
            renewing.acknowledge(kept, AcknowledgeType.RENEW);
            sleeping.subscribe(List.of(second));
            other.subscribe(List.of(topic, second));
            topic = second;
            produce(1, 2);
            assertEquals("v1", poll(sleeping).getFirst().value());
            List<String> others = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            while (System.nanoTime() < end || others.isEmpty()) {
                // It comes back when it is renewed.
                for (var record : renewing.poll(Duration.ofMillis(200))) {
                    assertEquals((short) 1, record.deliveryCount().orElseThrow());
                    renewing.acknowledge(record, AcknowledgeType.RENEW);
                }
                for (var record : other.poll(Duration.ofMillis(200))) {
                    others.add(record.value());
                    assertEquals((short) 2, record.deliveryCount().orElseThrow());
                    other.acknowledge(record, AcknowledgeType.ACCEPT);
                }
            }
            assertEquals(List.of("v1"), others, "what was not renewed, and that alone");
            renewing.acknowledge(poll(renewing).getFirst(), AcknowledgeType.ACCEPT);
            Map<?, Optional<KafkaException>> done = renewing.commitSync();
            assertTrue(done.values().stream().allMatch(Optional::isEmpty), () -> "" + done);
            other.commitSync();
            assertEquals(0, lag());
        }
    }

    @Test
    void recordLimitIsKept() {
        produce(0, 100);
        try (var consumer =
                consumer(Map.of("share.acquire.mode", "record_limit", "max.poll.records", 7))) {
            assertEquals(7, poll(consumer).size());
            assertEquals(93, drain(consumer, 93).size());
        }
    }

    @Test
    void abortedRecordsAreNotDelivered() throws Exception {
        set("share.isolation.level", "read_committed");
        produce(0, 10, Map.of("transactional.id", "t" + group), true);
        produce(10, 20, Map.of("transactional.id", "t" + group), false);
        produce(20, 30);
        try (var consumer = consumer(Map.of())) {
            Set<String> values = drain(consumer, 20);
            assertEquals(20, values.size());
            assertTrue(values.contains("v0") && values.contains("v29"), () -> "" + values);
            assertTrue(!values.contains("v15"), () -> "" + values);
            assertEquals(0, lag());
        }
    }

    @Test
    void deletedRecordsAreNotDelivered() throws Exception {
        produce(0, 50);
        try (var consumer = explicit()) {
            assertTrue(!poll(consumer).isEmpty());
        }
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(40)))
                .all()
                .get();
        try (var consumer = consumer(Map.of())) {
            assertEquals(10, drain(consumer, 10).size());
            assertEquals(0, lag());
        }
    }

    @Test
    void latestBeginsWithWhatComes() throws Exception {
        set("share.auto.offset.reset", "latest");
        produce(0, 10);
        try (var consumer = consumer(Map.of())) {
            Await.until(
                    "begin",
                    LIMIT,
                    () -> {
                        consumer.poll(Duration.ofMillis(100));
                        return begun();
                    });
            produce(10, 20);
            Set<String> values = drain(consumer, 10);
            assertTrue(values.contains("v10") && !values.contains("v9"), () -> "" + values);
        }
    }

    private boolean begun() {
        try {
            return admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                            .partitionsToOffsetInfo(group)
                            .get()
                            .get(new TopicPartition(topic, 0))
                    != null;
        } catch (Exception e) {
            return false;
        }
    }

    @Test
    void adminSeesChangesAndDeletesGroups() throws Exception {
        produce(0, 20);
        try (var consumer = consumer(Map.of())) {
            drain(consumer, 20);
            ShareGroupDescription described =
                    admin.describeShareGroups(List.of(group)).all().get().get(group);
            assertEquals(GroupState.STABLE, described.groupState());
            assertEquals(1, described.members().size());
            assertEquals(
                    Set.of(new TopicPartition(topic, 0)),
                    described.members().iterator().next().assignment().topicPartitions());
            ExecutionException refused =
                    assertThrows(
                            ExecutionException.class,
                            () -> admin.deleteShareGroups(List.of(group)).all().get());
            assertEquals(GroupNotEmptyException.class, refused.getCause().getClass());
        }
        Await.until("empty", LIMIT, () -> state() == GroupState.EMPTY);
        assertTrue(
                admin
                        .listGroups(new ListGroupsOptions().withTypes(Set.of(GroupType.SHARE)))
                        .all()
                        .get()
                        .stream()
                        .anyMatch(listed -> listed.groupId().equals(group)));
        admin.alterShareGroupOffsets(group, Map.of(new TopicPartition(topic, 0), 15L)).all().get();
        assertEquals(5, lag());
        try (var consumer = consumer(Map.of())) {
            assertEquals(5, drain(consumer, 5).size());
        }
        Await.until("empty", LIMIT, () -> state() == GroupState.EMPTY);
        admin.deleteShareGroupOffsets(group, Set.of(topic)).all().get();
        admin.deleteShareGroups(List.of(group)).all().get();
        assertTrue(
                admin.listGroups().all().get().stream()
                        .noneMatch(listed -> listed.groupId().equals(group)));
    }

    @Test
    void anIdIsOfOneTypeOfGroup() throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        Map<TopicPartition, OffsetAndMetadata> offset = Map.of(partition, new OffsetAndMetadata(0));
        produce(0, 1);
        try (var consumer = consumer(Map.of())) {
            drain(consumer, 1);
            ExecutionException noCommit =
                    assertThrows(
                            ExecutionException.class,
                            () -> admin.alterConsumerGroupOffsets(group, offset).all().get());
            assertEquals(GroupIdNotFoundException.class, noCommit.getCause().getClass());
            assertThrows(InconsistentGroupProtocolException.class, () -> consume("classic"));
            assertThrows(GroupIdNotFoundException.class, () -> consume("consumer"));
        }
        group = "not-" + group;
        admin.alterConsumerGroupOffsets(group, offset).all().get();
        try (var consumer = consumer(Map.of())) {
            assertThrows(
                    GroupIdNotFoundException.class,
                    () ->
                            Await.until(
                                    "refusal",
                                    LIMIT,
                                    () -> !consumer.poll(Duration.ofMillis(200)).isEmpty()));
        }
        ExecutionException noReset =
                assertThrows(
                        ExecutionException.class,
                        () ->
                                admin.alterShareGroupOffsets(group, Map.of(partition, 0L))
                                        .all()
                                        .get());
        assertEquals(GroupIdNotFoundException.class, noReset.getCause().getClass());
    }

    /** Joins the group as a consumer, which fails. */
    private void consume(String protocol) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                broker.bootstrap(),
                                "group.id",
                                group,
                                "group.protocol",
                                protocol),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            Await.until("refusal", LIMIT, () -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
        }
    }

    /** Where there is no group yet, it begins where it is told to. */
    @Test
    void offsetsAreSetBeforeTheFirstMemberComes() throws Exception {
        produce(0, 10);
        admin.alterShareGroupOffsets(group, Map.of(new TopicPartition(topic, 0), 7L)).all().get();
        assertEquals(GroupState.EMPTY, state());
        try (var consumer = consumer(Map.of())) {
            assertEquals(Set.of("v7", "v8", "v9"), drain(consumer, 3));
        }
    }

    private GroupState state() {
        try {
            return admin.describeShareGroups(List.of(group)).all().get().get(group).groupState();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
