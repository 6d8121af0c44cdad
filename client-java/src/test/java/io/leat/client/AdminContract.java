package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Admin} promises, of whatever broker. */
public abstract class AdminContract extends BrokerContract {
    private Admin admin;

    @BeforeEach
    void connect() {
        admin = Admin.connect(bootstrap());
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void createsListsDescribesAndDeletesATopic() {
        String name = uniqueName("topic");
        admin.createTopic(NewTopic.of(name, 3));

        TopicListing listed =
                admin.listTopics().stream()
                        .filter(topic -> topic.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        assertEquals(3, listed.partitionCount());
        assertEquals(1, listed.replicationFactor());
        assertFalse(listed.internal());

        TopicDescription described = admin.describeTopic(name);
        assertEquals(listed.id(), described.id());
        assertEquals(
                List.of(0, 1, 2),
                described.partitions().stream().map(TopicDescription.Partition::number).toList());
        assertTrue(
                described.partitions().stream()
                        .allMatch(partition -> partition.leader().isPresent()));

        admin.deleteTopic(name);
        assertTrue(admin.listTopics().stream().noneMatch(topic -> topic.name().equals(name)));
    }

    @Test
    void leavesPartitionsAndReplicasToTheClusterUnlessTold() {
        String name = uniqueName("topic");
        admin.createTopic(NewTopic.of(name));
        assertTrue(admin.describeTopic(name).partitions().size() >= 1);
    }

    @Test
    void saysWhichTopicExistsAlready() {
        String name = newTopic(1);
        BrokerException failure =
                assertThrows(BrokerException.class, () -> admin.createTopic(NewTopic.of(name, 1)));
        assertEquals(ErrorCode.TOPIC_ALREADY_EXISTS, failure.errorCode());
        assertFalse(failure.isRetriable());
        assertTrue(failure.getMessage().contains(name), failure.getMessage());
    }

    @Test
    void createsTheOtherTopicsWhenOneCannotBe() {
        String taken = newTopic(1);
        String free = uniqueName("topic");
        assertThrows(
                BrokerException.class,
                () -> admin.createTopics(List.of(NewTopic.of(taken, 1), NewTopic.of(free, 1))));
        assertEquals(1, admin.describeTopic(free).partitions().size());
    }

    @Test
    void refusesNamesThatNoTopicMayHave() {
        BrokerException failure =
                assertThrows(
                        BrokerException.class,
                        () -> admin.createTopic(NewTopic.of("not a topic!", 1)));
        assertEquals(ErrorCode.INVALID_TOPIC_EXCEPTION, failure.errorCode());
    }

    @Test
    void failsAtOnceForATopicThatIsNotThere() {
        String name = uniqueName("nowhere");
        for (BrokerException failure :
                List.of(
                        assertThrows(BrokerException.class, () -> admin.describeTopic(name)),
                        assertThrows(BrokerException.class, () -> admin.deleteTopic(name)),
                        assertThrows(BrokerException.class, () -> admin.addPartitions(name, 4)),
                        assertThrows(
                                BrokerException.class,
                                () ->
                                        admin.listOffsets(
                                                Map.of(
                                                        new TopicPartition(name, 0),
                                                        OffsetSpec.LATEST))))) {
            assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, failure.errorCode());
            assertTrue(failure.getMessage().contains(name), failure.getMessage());
        }
    }

    @Test
    void addsPartitions() {
        String name = newTopic(2);
        admin.addPartitions(name, 5);
        try (Producer<byte[], byte[]> producer = Producer.connect(bootstrap())) {
            ProducerRecord<byte[], byte[]> record = ProducerRecord.of(name, new byte[1]);
            assertEquals(4, producer.send(record.withPartition(4)).join().partition());
        }
        assertEquals(5, admin.describeTopic(name).partitions().size());
        BrokerException failure =
                assertThrows(BrokerException.class, () -> admin.addPartitions(name, 2));
        assertEquals(ErrorCode.INVALID_PARTITIONS, failure.errorCode());
    }

    @Test
    void setsAndResetsSettingsOfATopic() {
        String name = uniqueName("topic");
        admin.createTopic(NewTopic.of(name, 1).withConfig("retention.ms", "3600000"));
        ConfigResource resource = ConfigResource.topic(name);
        assertEquals("3600000", value(resource, "retention.ms"));

        admin.alterConfigs(
                resource,
                List.of(
                        ConfigChange.set("segment.bytes", "1048576"),
                        ConfigChange.delete("retention.ms")));
        assertEquals("1048576", value(resource, "segment.bytes"));
        ConfigEntry reset = entry(resource, "retention.ms");
        assertTrue(reset.isDefault(), reset.toString());
        assertEquals(ConfigEntry.Source.TOPIC, entry(resource, "segment.bytes").source());
    }

    @Test
    void saysWhichSettingIsWrong() {
        ConfigResource resource = ConfigResource.topic(newTopic(1));
        BrokerException failure =
                assertThrows(
                        BrokerException.class,
                        () ->
                                admin.alterConfigs(
                                        resource,
                                        List.of(ConfigChange.set("retention.ms", "soon"))));
        assertEquals(ErrorCode.INVALID_CONFIG, failure.errorCode());
        assertTrue(failure.getMessage().contains("retention.ms"), failure.getMessage());
    }

    @Test
    void describesTheClusterAndItsBrokersSettings() {
        ClusterDescription cluster = admin.describeCluster();
        assertFalse(cluster.id().isEmpty());
        assertFalse(cluster.nodes().isEmpty());
        assertFalse(
                admin.describeConfigs(ConfigResource.broker(cluster.nodes().get(0).id()))
                        .isEmpty());
    }

    @Test
    void findsOffsetsByPlaceAndTime() {
        String name = newTopic(1);
        TopicPartition partition = new TopicPartition(name, 0);
        assertEquals(0, offset(partition, OffsetSpec.EARLIEST));
        assertEquals(0, offset(partition, OffsetSpec.LATEST));
        try (Producer<byte[], byte[]> producer = Producer.connect(bootstrap())) {
            for (long millis : new long[] {1_000, 5_000, 3_000}) {
                ProducerRecord<byte[], byte[]> record = ProducerRecord.of(name, new byte[] {1});
                producer.send(record.withTimestampMillis(millis)).join();
            }
        }
        assertEquals(0, offset(partition, OffsetSpec.EARLIEST));
        assertEquals(3, offset(partition, OffsetSpec.LATEST));
        assertEquals(1, offset(partition, OffsetSpec.MAX_TIMESTAMP));
        assertEquals(1, offset(partition, OffsetSpec.atTimestampMillis(1_001)));
        assertEquals(
                Map.of(),
                admin.listOffsets(Map.of(partition, OffsetSpec.atTimestampMillis(5_001))));
    }

    @Test
    void deletesRecordsInFrontOfAnOffset() {
        TopicPartition partition = new TopicPartition(newTopic(1), 0);
        try (Producer<byte[], byte[]> producer = Producer.connect(bootstrap())) {
            List<CompletableFuture<RecordMetadata>> sent =
                    List.of(
                            producer.send(partition.topic(), new byte[] {1}),
                            producer.send(partition.topic(), new byte[] {2}),
                            producer.send(partition.topic(), new byte[] {3}));
            sent.forEach(CompletableFuture::join);
        }
        assertEquals(Map.of(partition, 2L), admin.deleteRecords(Map.of(partition, 2L)));
        assertEquals(2, offset(partition, OffsetSpec.EARLIEST));
        assertEquals(Map.of(partition, 3L), admin.deleteRecords(Map.of(partition, -1L)));
        BrokerException failure =
                assertThrows(
                        BrokerException.class, () -> admin.deleteRecords(Map.of(partition, 99L)));
        assertEquals(ErrorCode.OFFSET_OUT_OF_RANGE, failure.errorCode());
    }

    @Test
    void keepsListsResetsAndForgetsOffsetsOfAGroup() {
        String group = uniqueName("group");
        TopicPartition first = new TopicPartition(newTopic(2), 0);
        TopicPartition second = new TopicPartition(first.topic(), 1);
        admin.alterGroupOffsets(
                group,
                Map.of(first, new OffsetAndMetadata(7, "seven"), second, OffsetAndMetadata.of(9)));
        assertEquals(
                Map.of(first, new OffsetAndMetadata(7, "seven"), second, OffsetAndMetadata.of(9)),
                admin.listGroupOffsets(group));
        assertTrue(admin.listGroups().stream().anyMatch(listed -> listed.groupId().equals(group)));
        assertEquals("Empty", admin.describeGroup(group).state());
        assertEquals(List.of(), admin.describeGroup(group).members());

        admin.deleteGroupOffsets(group, Set.of(second));
        assertEquals(
                Map.of(first, new OffsetAndMetadata(7, "seven")), admin.listGroupOffsets(group));

        admin.deleteGroup(group);
        assertTrue(admin.listGroups().stream().noneMatch(listed -> listed.groupId().equals(group)));
        assertEquals(Map.of(), admin.listGroupOffsets(group));
    }

    @Test
    void saysThatAGroupIsNotThere() {
        String group = uniqueName("group");
        for (BrokerException failure :
                List.of(
                        assertThrows(BrokerException.class, () -> admin.deleteGroup(group)),
                        assertThrows(BrokerException.class, () -> admin.describeGroup(group)))) {
            assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, failure.errorCode());
            assertTrue(failure.getMessage().contains(group), failure.getMessage());
        }
    }

    private long offset(TopicPartition partition, OffsetSpec spec) {
        return admin.listOffsets(Map.of(partition, spec)).get(partition).offset();
    }

    private String value(ConfigResource resource, String name) {
        return entry(resource, name).value().orElseThrow();
    }

    private ConfigEntry entry(ConfigResource resource, String name) {
        return admin.describeConfigs(resource).stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void setsListsAndRemovesQuotas() {
        String user = uniqueName("user");
        QuotaEntity entity =
                QuotaEntity.of(
                        Map.of(
                                QuotaEntity.Type.USER,
                                Optional.of(user),
                                QuotaEntity.Type.CLIENT_ID,
                                Optional.empty()));
        admin.alterQuotas(
                entity,
                Map.of(
                        "producer_byte_rate",
                        Optional.of(1e9),
                        "request_percentage",
                        Optional.of(400.5)));
        eventually("quotas are set", () -> quotas(entity).size() == 2);
        assertEquals(
                Map.of("producer_byte_rate", 1e9, "request_percentage", 400.5), quotas(entity));
        admin.alterQuotas(
                entity,
                Map.of(
                        "producer_byte_rate",
                        Optional.empty(),
                        "request_percentage",
                        Optional.empty()));
        eventually("quotas are gone", () -> quotas(entity).isEmpty());
        assertThrows(
                BrokerException.class,
                () -> admin.alterQuotas(entity, Map.of("nothing_rate", Optional.of(1.0))));
    }

    private Map<String, Double> quotas(QuotaEntity entity) {
        return admin.listQuotas().stream()
                .filter(listing -> listing.entity().equals(entity))
                .findFirst()
                .<Map<String, Double>>map(QuotaListing::values)
                .orElse(Map.of());
    }

    @Test
    void makesListsAndDeletesUsers() {
        String name = uniqueName("user");
        admin.setPassword(name, new Secret("one"));
        UserListing made = new UserListing(name, Set.of("SCRAM-SHA-256", "SCRAM-SHA-512"));
        eventually("the user is there", () -> admin.listUsers().contains(made));
        admin.setPassword(name, new Secret("another"));
        admin.deleteUser(name);
        eventually(
                "the user is gone",
                () -> admin.listUsers().stream().noneMatch(user -> user.name().equals(name)));
        assertEquals(
                ErrorCode.RESOURCE_NOT_FOUND,
                assertThrows(BrokerException.class, () -> admin.deleteUser(name)).errorCode());
    }

    @Test
    void checksTopicsAndSettingsWithoutMakingThem() {
        String name = uniqueName("unmade");
        admin.checkTopics(List.of(NewTopic.of(name, 2)));
        assertTrue(admin.listTopics().stream().noneMatch(topic -> topic.name().equals(name)));
        String made = uniqueName("made");
        admin.createTopic(NewTopic.of(made, 1));
        assertThrows(BrokerException.class, () -> admin.checkTopics(List.of(NewTopic.of(made, 1))));
        ConfigResource topic = ConfigResource.topic(made);
        admin.checkConfigs(topic, List.of(ConfigChange.set("retention.ms", "1234")));
        assertThrows(
                BrokerException.class,
                () -> admin.checkConfigs(topic, List.of(ConfigChange.set("retention.ms", "soon"))));
        assertTrue(
                admin.describeConfigs(topic).stream()
                        .filter(entry -> entry.name().equals("retention.ms"))
                        .allMatch(ConfigEntry::isDefault));
        assertTrue(admin.listConfigResources(ConfigResource.Type.TOPIC).contains(made));
    }
}
