package io.leat.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What administrators do with the official client, including what they do wrong. */
class AdminApiTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = TestBrokers.start();
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void createsDescribesListsAndDeletesTopics() throws Exception {
        create("whole-life", 3, Map.of("retention.ms", "1000000"));
        TopicDescription description = describe("whole-life");
        assertEquals(3, description.partitions().size());
        assertFalse(description.isInternal());
        description
                .partitions()
                .forEach(p -> {
                    assertEquals(List.of(p.leader()), p.replicas());
                    assertEquals(List.of(p.leader()), p.isr());
                });
        assertTrue(admin.listTopics().names().get().contains("whole-life"));
        Uuid id = description.topicId();
        assertFalse(id.equals(Uuid.ZERO_UUID));
        assertEquals(
                "whole-life",
                admin.describeTopics(TopicCollection.ofTopicIds(Set.of(id)))
                        .allTopicIds()
                        .get()
                        .get(id)
                        .name());
        admin.deleteTopics(Set.of("whole-life")).all().get();
        awaitUnknown("whole-life");
        assertInstanceOf(
                UnknownTopicIdException.class,
                failure(
                        admin.describeTopics(TopicCollection.ofTopicIds(Set.of(id)))
                                .allTopicIds()));
        create("whole-life", 1, Map.of());
        Await.until("topic", LIMIT, () -> known("whole-life"));
        Uuid secondId = describe("whole-life").topicId();
        assertFalse(secondId.equals(id), "a new topic with an old name");
        admin.deleteTopics(TopicCollection.ofTopicIds(Set.of(secondId))).all().get();
        awaitUnknown("whole-life");
    }

    @Test
    void refusesTopicsThatCannotBe() throws Exception {
        create("there-already", 1, Map.of());
        assertInstanceOf(TopicExistsException.class, creationFailure("there-already", 1, 1));
        assertInstanceOf(InvalidTopicException.class, creationFailure("not a name", 1, 1));
        assertInstanceOf(InvalidTopicException.class, creationFailure("x".repeat(250), 1, 1));
        assertInstanceOf(InvalidPartitionsException.class, creationFailure("none", 0, 1));
        assertInstanceOf(InvalidReplicationFactorException.class, creationFailure("two", 1, 2));
        assertInstanceOf(
                InvalidConfigurationException.class,
                failure(
                        admin.createTopics(
                                        Set.of(
                                                new NewTopic("odd", 1, (short) 1)
                                                        .configs(Map.of("retention.ms", "soon"))))
                                .all()));
        assertInstanceOf(
                UnknownTopicOrPartitionException.class,
                failure(admin.deleteTopics(Set.of("never-was")).all()));
    }

    @Test
    void checksATopicWithoutCreatingIt() throws Exception {
        admin.createTopics(
                        Set.of(new NewTopic("only-checked", 2, (short) 1)),
                        new CreateTopicsOptions().validateOnly(true))
                .all()
                .get();
        assertFalse(admin.listTopics().names().get().contains("only-checked"));
    }

    @Test
    void addsPartitionsButTakesNoneAway() throws Exception {
        create("grows", 2, Map.of());
        admin.createPartitions(Map.of("grows", NewPartitions.increaseTo(5))).all().get();
        Await.until("five partitions", LIMIT, () -> describe("grows").partitions().size() == 5);
        assertInstanceOf(
                InvalidPartitionsException.class,
                failure(
                        admin.createPartitions(Map.of("grows", NewPartitions.increaseTo(3)))
                                .all()));
    }

    @Test
    void changesTopicConfigsOneByOne() throws Exception {
        create("tuned", 1, Map.of("retention.ms", "1000000"));
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, "tuned");
        assertEquals("1000000", config(topic).get("retention.ms").value());
        assertEquals(ConfigSource.DYNAMIC_TOPIC_CONFIG, config(topic).get("retention.ms").source());
        assertEquals(ConfigSource.DEFAULT_CONFIG, config(topic).get("segment.bytes").source());
        alter(topic, "max.message.bytes", "2000", OpType.SET);
        alter(topic, "retention.ms", "", OpType.DELETE);
        alter(topic, "cleanup.policy", "compact", OpType.APPEND);
        Await.until(
                "changed configs",
                LIMIT,
                () -> config(topic).get("max.message.bytes").value().equals("2000"));
        assertEquals(ConfigSource.DEFAULT_CONFIG, config(topic).get("retention.ms").source());
        assertEquals("delete,compact", config(topic).get("cleanup.policy").value());
        assertInstanceOf(
                InvalidConfigurationException.class,
                failure(alteration(topic, "no.such.key", "1", OpType.SET)));
        assertInstanceOf(
                InvalidConfigurationException.class,
                failure(alteration(topic, "segment.bytes", "many", OpType.SET)));
    }

    @Test
    void showsTheBrokersOwnConfig() throws Exception {
        String node = admin.describeCluster().nodes().get().iterator().next().idString();
        Config config = config(new ConfigResource(ConfigResource.Type.BROKER, node));
        assertEquals("true", config.get("auto.create.topics.enable").value());
        assertTrue(config.get("log.segment.bytes").value().matches("\\d+"));
    }

    @Test
    void describesAClusterOfOneThatKeepsItsIdOverRestarts() throws Exception {
        DescribeClusterResult cluster = admin.describeCluster();
        String id = cluster.clusterId().get();
        assertEquals(1, cluster.nodes().get().size());
        assertEquals(broker.bootstrap(), "127.0.0.1:" + cluster.controller().get().port());
        broker.stop();
        broker.start();
        assertEquals(id, admin.describeCluster().clusterId().get());
    }

    @Test
    void findsOffsetsByTimeAndDeletesRecords() throws Exception {
        create("timed", 1, Map.of("retention.ms", "-1"));
        produce("timed", 1_000, 3_000, 2_000);
        var partition = new TopicPartition("timed", 0);
        assertEquals(0, offset(partition, OffsetSpec.earliest()));
        assertEquals(3, offset(partition, OffsetSpec.latest()));
        assertEquals(1, offset(partition, OffsetSpec.maxTimestamp()));
        assertEquals(0, offset(partition, OffsetSpec.forTimestamp(500)));
        assertEquals(1, offset(partition, OffsetSpec.forTimestamp(1_001)));
        assertEquals(-1, offset(partition, OffsetSpec.forTimestamp(3_001)));
        long low =
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                        .lowWatermarks()
                        .get(partition)
                        .get()
                        .lowWatermark();
        assertEquals(2, low);
        assertEquals(2, offset(partition, OffsetSpec.earliest()));
        assertInstanceOf(
                OffsetOutOfRangeException.class,
                failure(
                        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(9)))
                                .all()));
        assertEquals(
                3,
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                        .lowWatermarks()
                        .get(partition)
                        .get()
                        .lowWatermark());
    }

    @Test
    void setsListsAndDeletesGroupOffsetsAndGroups() throws Exception {
        create("grouped", 2, Map.of("retention.ms", "-1"));
        produce("grouped", 1, 2, 3);
        var first = new TopicPartition("grouped", 0);
        var second = new TopicPartition("grouped", 1);
        Map<TopicPartition, OffsetAndMetadata> offsets =
                Map.of(
                        first, new OffsetAndMetadata(1, "a note"),
                        second, new OffsetAndMetadata(0));
        admin.alterConsumerGroupOffsets("team", offsets).all().get();
        assertEquals(offsets, committed("team"));
        broker.stop();
        broker.start();
        assertEquals(offsets, committed("team"), "after a restart");
        assertTrue(
                admin.listGroups().all().get().stream()
                        .map(GroupListing::groupId)
                        .anyMatch("team"::equals));
        admin.deleteConsumerGroupOffsets("team", Set.of(second)).all().get();
        assertEquals(Map.of(first, new OffsetAndMetadata(1, "a note")), committed("team"));
        admin.deleteConsumerGroups(Set.of("team")).all().get();
        assertInstanceOf(
                GroupIdNotFoundException.class,
                failure(admin.deleteConsumerGroups(Set.of("team")).all()));
    }

    @Test
    void describesLiveGroupsAndDoesNotDeleteThem() throws Exception {
        create("watched", 2, Map.of());
        Map<String, Object> config =
                Map.of("bootstrap.servers", broker.bootstrap(), "group.id", "watchers");
        try (var consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(Set.of("watched"));
            Await.until(
                    "assignment",
                    LIMIT,
                    () -> {
                        var _ = consumer.poll(Duration.ofMillis(100));
                        return !consumer.assignment().isEmpty();
                    });
            var group =
                    admin.describeConsumerGroups(Set.of("watchers")).all().get().get("watchers");
            assertEquals("range", group.partitionAssignor());
            assertEquals(
                    consumer.assignment(),
                    group.members().iterator().next().assignment().topicPartitions());
            assertInstanceOf(
                    GroupNotEmptyException.class,
                    failure(admin.deleteConsumerGroups(Set.of("watchers")).all()));
        }
    }

    private static void create(String topic, int partitions, Map<String, String> configs)
            throws Exception {
        admin.createTopics(Set.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                .all()
                .get();
    }

    private static Throwable creationFailure(String topic, int partitions, int replicas) {
        return failure(
                admin.createTopics(Set.of(new NewTopic(topic, partitions, (short) replicas)))
                        .all());
    }

    private static TopicDescription describe(String topic) {
        try {
            return admin.describeTopics(Set.of(topic)).allTopicNames().get().get(topic);
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitUnknown(String topic) {
        Await.until(topic + " is gone", LIMIT, () -> !known(topic));
    }

    private static boolean known(String topic) {
        try {
            return admin.describeTopics(Set.of(topic)).allTopicNames().get().containsKey(topic);
        } catch (ExecutionException e) {
            assertInstanceOf(UnknownTopicOrPartitionException.class, e.getCause());
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Config config(ConfigResource resource) {
        try {
            return admin.describeConfigs(Set.of(resource)).all().get().get(resource);
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void alter(ConfigResource resource, String key, String value, OpType operation)
            throws Exception {
        alteration(resource, key, value, operation).get();
    }

    private static KafkaFuture<Void> alteration(
            ConfigResource resource, String key, String value, OpType operation) {
        var change = new AlterConfigOp(new ConfigEntry(key, value), operation);
        return admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all();
    }

    private static long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset();
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(String group) throws Exception {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    }

    private static void produce(String topic, long... timestamps) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrap());
        try (var producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (long timestamp : timestamps) {
                var _ =
                        producer.send(new ProducerRecord<>(topic, 0, timestamp, "key", "value"))
                                .get();
            }
        }
    }

    private static Throwable failure(KafkaFuture<?> future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
