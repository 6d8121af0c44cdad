package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Topics and configurations through Apache Kafka's own admin client, mistakes included. */
class TopicAdminTest {
    private static EmbeddedBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(Map.of("num.partitions", "4"));
        admin = broker.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    // ---- topics

    @Test
    void aCreatedTopicIsDescribedByNameAndById() throws Exception {
        CreateTopicsResult created =
                admin.createTopics(
                        List.of(
                                new NewTopic("created", 3, (short) 1)
                                        .configs(Map.of("retention.ms", "1000"))));
        assertEquals(3, created.numPartitions("created").get());
        assertEquals(1, created.replicationFactor("created").get());
        Uuid id = created.topicId("created").get();
        Config config = created.config("created").get();
        assertEquals("1000", config.get("retention.ms").value());
        assertEquals(
                ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG, config.get("retention.ms").source());
        assertEquals(ConfigEntry.ConfigSource.DEFAULT_CONFIG, config.get("segment.bytes").source());

        TopicDescription byName =
                admin.describeTopics(
                                TopicCollection.ofTopicNames(List.of("created")),
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .allTopicNames()
                        .get()
                        .get("created");
        assertEquals(id, byName.topicId());
        assertEquals(3, byName.partitions().size());
        assertFalse(byName.isInternal());
        assertTrue(byName.authorizedOperations().contains(AclOperation.ALTER_CONFIGS));
        TopicDescription byId =
                admin.describeTopics(TopicCollection.ofTopicIds(List.of(id)))
                        .allTopicIds()
                        .get()
                        .get(id);
        assertEquals("created", byId.name());
        assertTrue(admin.listTopics().names().get().contains("created"));
    }

    @Test
    void defaultsApplyWhereTheCreatorSaysNothing() throws Exception {
        CreateTopicsResult created =
                admin.createTopics(
                        List.of(new NewTopic("defaults", Optional.empty(), Optional.empty())));
        assertEquals(4, created.numPartitions("defaults").get());
    }

    @Test
    void validateOnlyCreatesNothing() throws Exception {
        admin.createTopics(
                        List.of(new NewTopic("validated", 1, (short) 1)),
                        new CreateTopicsOptions().validateOnly(true))
                .all()
                .get();
        assertFalse(admin.listTopics().names().get().contains("validated"));
    }

    @Test
    void replicasMayBeAssignedToTheOneBroker() throws Exception {
        create(new NewTopic("assigned", Map.of(0, List.of(0), 1, List.of(0))));
        assertEquals(2, describe("assigned").partitions().size());
    }

    @Test
    void mistakesInCreationAreToldAsKafkaTellsThem() throws Exception {
        create(new NewTopic("taken", 1, (short) 1));
        create(new NewTopic("with.dot", 1, (short) 1));
        refused(TopicExistsException.class, new NewTopic("taken", 1, (short) 1));
        refused(TopicExistsException.class, new NewTopic("with.dot", 1, (short) 1));
        refused(InvalidTopicException.class, new NewTopic("with_dot", 1, (short) 1));
        refused(InvalidTopicException.class, new NewTopic("a/b", 1, (short) 1));
        refused(InvalidTopicException.class, new NewTopic("..", 1, (short) 1));
        refused(InvalidTopicException.class, new NewTopic("x".repeat(250), 1, (short) 1));
        refused(InvalidPartitionsException.class, new NewTopic("p0", 0, (short) 1));
        refused(InvalidPartitionsException.class, new NewTopic("p-2", -2, (short) 1));
        refused(InvalidReplicationFactorException.class, new NewTopic("r0", 1, (short) 0));
        refused(InvalidReplicationFactorException.class, new NewTopic("r3", 1, (short) 3));
        refused(InvalidReplicaAssignmentException.class, new NewTopic("a7", Map.of(0, List.of(7))));
        refused(
                InvalidReplicaAssignmentException.class,
                new NewTopic("a-gap", Map.of(1, List.of(0))));
        refused(
                InvalidConfigurationException.class,
                new NewTopic("c1", 1, (short) 1).configs(Map.of("retention.mss", "1")));
        refused(
                InvalidConfigurationException.class,
                new NewTopic("c2", 1, (short) 1).configs(Map.of("retention.ms", "soon")));
        refused(
                InvalidConfigurationException.class,
                new NewTopic("c3", 1, (short) 1).configs(Map.of("cleanup.policy", "burn")));
    }

    @Test
    void aDeletedTopicIsGoneAndItsNameIsFree() throws Exception {
        create(new NewTopic("deleted", 2, (short) 1));
        Uuid first = describe("deleted").topicId();
        admin.deleteTopics(List.of("deleted")).all().get();
        assertFalse(admin.listTopics().names().get().contains("deleted"));
        create(new NewTopic("deleted", 1, (short) 1));
        Uuid second = describe("deleted").topicId();
        assertNotEquals(first, second);
        admin.deleteTopics(TopicCollection.ofTopicIds(List.of(second))).all().get();
        failed(
                UnknownTopicOrPartitionException.class,
                admin.deleteTopics(List.of("deleted")).all());
        failed(
                UnknownTopicIdException.class,
                admin.deleteTopics(TopicCollection.ofTopicIds(List.of(second))).all());
    }

    @Test
    void partitionsCanBeAddedAndNotTakenAway() throws Exception {
        create(new NewTopic("growing", 2, (short) 1));
        admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(5))).all().get();
        assertEquals(5, describe("growing").partitions().size());
        for (int count : new int[] {5, 3, 0}) {
            failed(
                    InvalidPartitionsException.class,
                    admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(count)))
                            .all());
        }
        failed(
                InvalidReplicaAssignmentException.class,
                admin.createPartitions(
                                Map.of("growing", NewPartitions.increaseTo(6, List.of(List.of(9)))))
                        .all());
        failed(
                UnknownTopicOrPartitionException.class,
                admin.createPartitions(Map.of("nobody", NewPartitions.increaseTo(2))).all());
        admin.createPartitions(
                        Map.of("growing", NewPartitions.increaseTo(9)),
                        new CreatePartitionsOptions().validateOnly(true))
                .all()
                .get();
        assertEquals(5, describe("growing").partitions().size());
    }

    @Test
    void topicsAndConfigsSurviveARestart() throws Exception {
        try (EmbeddedBroker own = EmbeddedBroker.start(Map.of())) {
            Uuid id;
            try (Admin before = own.admin()) {
                CreateTopicsResult created =
                        before.createTopics(
                                List.of(
                                        new NewTopic("kept", 3, (short) 1)
                                                .configs(Map.of("retention.ms", "5000")),
                                        new NewTopic("gone", 1, (short) 1)));
                id = created.topicId("kept").get();
                created.all().get();
                before.deleteTopics(List.of("gone")).all().get();
            }
            String cluster = own.broker().clusterId();
            own.restart();
            assertEquals(cluster, own.broker().clusterId());
            try (Admin after = own.admin()) {
                assertEquals(Set.of("kept"), after.listTopics().names().get());
                TopicDescription kept =
                        after.describeTopics(List.of("kept")).allTopicNames().get().get("kept");
                assertEquals(id, kept.topicId());
                assertEquals(3, kept.partitions().size());
            }
        }
    }

    // ---- configurations

    @Test
    void topicConfigsHaveSourcesSynonymsTypesAndDocumentation() throws Exception {
        create(new NewTopic("described", 1, (short) 1).configs(Map.of("segment.ms", "60000")));
        Config config =
                admin.describeConfigs(
                                List.of(topic("described")),
                                new DescribeConfigsOptions()
                                        .includeSynonyms(true)
                                        .includeDocumentation(true))
                        .all()
                        .get()
                        .get(topic("described"));
        ConfigEntry segment = config.get("segment.ms");
        assertEquals("60000", segment.value());
        assertEquals(ConfigEntry.ConfigType.LONG, segment.type());
        assertEquals(
                List.of("segment.ms", "log.roll.ms"),
                segment.synonyms().stream().map(ConfigEntry.ConfigSynonym::name).toList());
        assertTrue(segment.documentation().contains("rolled"));
        assertFalse(segment.isReadOnly());
        assertEquals(
                37,
                config.entries().stream()
                        .filter(entry -> !entry.name().startsWith("leat."))
                        .count(),
                "as many as Kafka 4.4 has");
    }

    @Test
    void brokerConfigsAreDescribedAndReadOnly() throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, "0");
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        assertEquals("4", config.get("num.partitions").value());
        assertEquals(
                ConfigEntry.ConfigSource.STATIC_BROKER_CONFIG,
                config.get("num.partitions").source());
        assertTrue(config.get("num.partitions").isReadOnly());
        failed(
                InvalidRequestException.class,
                alter(resource, "num.partitions", AlterConfigOp.OpType.SET, "9"));
    }

    @Test
    void singleConfigsAreSetDeletedAppendedAndSubtracted() throws Exception {
        create(new NewTopic("altered", 1, (short) 1));
        ConfigResource resource = topic("altered");
        alter(resource, "retention.ms", AlterConfigOp.OpType.SET, "777").get();
        assertEquals("777", config("altered", "retention.ms").value());
        alter(resource, "retention.ms", AlterConfigOp.OpType.DELETE, "").get();
        assertEquals("604800000", config("altered", "retention.ms").value());
        assertTrue(config("altered", "retention.ms").isDefault());
        alter(resource, "cleanup.policy", AlterConfigOp.OpType.APPEND, "compact").get();
        assertEquals("delete,compact", config("altered", "cleanup.policy").value());
        alter(resource, "cleanup.policy", AlterConfigOp.OpType.SUBTRACT, "delete").get();
        assertEquals("compact", config("altered", "cleanup.policy").value());
        failed(
                InvalidConfigurationException.class,
                alter(resource, "retention.ms", AlterConfigOp.OpType.APPEND, "1"));
        failed(
                InvalidConfigurationException.class,
                alter(resource, "segment.bytes", AlterConfigOp.OpType.SET, "1"));
        failed(
                InvalidConfigurationException.class,
                alter(resource, "no.such.key", AlterConfigOp.OpType.SET, "1"));
        failed(
                UnknownTopicOrPartitionException.class,
                alter(topic("nobody"), "retention.ms", AlterConfigOp.OpType.SET, "1"));
        admin.incrementalAlterConfigs(
                        Map.of(
                                resource,
                                List.of(
                                        new AlterConfigOp(
                                                new ConfigEntry("retention.ms", "1"),
                                                AlterConfigOp.OpType.SET))),
                        new AlterConfigsOptions().validateOnly(true))
                .all()
                .get();
        assertEquals("604800000", config("altered", "retention.ms").value());
    }

    // ---- the cluster

    @Test
    void theClusterIsThisBroker() throws Exception {
        var cluster =
                admin.describeCluster(
                        new DescribeClusterOptions().includeAuthorizedOperations(true));
        assertEquals(broker.broker().clusterId(), cluster.clusterId().get());
        assertEquals(0, cluster.controller().get().id());
        assertEquals(1, cluster.nodes().get().size());
        assertEquals("127.0.0.1", cluster.controller().get().host());
        assertEquals(
                broker.broker().address().getPort(),
                cluster.nodes().get().iterator().next().port());
        assertTrue(cluster.authorizedOperations().get().contains(AclOperation.CREATE));
    }

    @Test
    void describingManyPartitionsGoesPageByPage() throws Exception {
        Collection<NewTopic> topics =
                List.of(
                        new NewTopic("page-a", 7, (short) 1),
                        new NewTopic("page-b", 7, (short) 1),
                        new NewTopic("page-c", 7, (short) 1));
        admin.createTopics(topics).all().get();
        Map<String, TopicDescription> described =
                admin.describeTopics(
                                TopicCollection.ofTopicNames(List.of("page-a", "page-b", "page-c")),
                                new DescribeTopicsOptions().partitionSizeLimitPerResponse(3))
                        .allTopicNames()
                        .get();
        described.values().forEach(topic -> assertEquals(7, topic.partitions().size()));
    }

    private static void create(NewTopic topic) throws Exception {
        admin.createTopics(List.of(topic)).all().get();
    }

    private static TopicDescription describe(String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    }

    private static void refused(Class<? extends Exception> expected, NewTopic topic) {
        failed(expected, admin.createTopics(List.of(topic)).all());
    }

    private static void failed(Class<? extends Exception> expected, KafkaFuture<?> future) {
        ExecutionException failure = assertThrows(ExecutionException.class, future::get);
        assertInstanceOf(expected, failure.getCause());
    }

    private static ConfigResource topic(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    private static KafkaFuture<Void> alter(
            ConfigResource resource, String key, AlterConfigOp.OpType operation, String value) {
        return admin.incrementalAlterConfigs(
                        Map.of(
                                resource,
                                List.of(new AlterConfigOp(new ConfigEntry(key, value), operation))))
                .all();
    }

    private static ConfigEntry config(String topic, String key) throws Exception {
        return admin.describeConfigs(List.of(topic(topic))).all().get().get(topic(topic)).get(key);
    }
}
