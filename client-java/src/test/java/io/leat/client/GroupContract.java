package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@link Consumer} promises as a member of a group, of whatever broker; also among members of
 * Apache Kafka's own client.
 */
public abstract class GroupContract extends BrokerContract {
    private static final int PARTITIONS = 6;
    private static final int RECORDS = 600;

    /** The shortest session timeout that the broker allows. */
    protected Duration sessionTimeoutMin() {
        return Duration.ofSeconds(6);
    }

    @Test
    void readsAllAndGoesOnWhereTheGroupLeftOff() {
        String topic = newTopic(PARTITIONS);
        ConsumerOptions options = group(uniqueName("group")).build();
        try (PollingMember member = new PollingMember(options, topic)) {
            eventually("all partitions are read", () -> member.owned().size() == PARTITIONS);
            send(topic, 0, RECORDS);
            eventually("all records are read", () -> member.records().size() == RECORDS);
        }
        send(topic, RECORDS, 10);
        try (PollingMember member = new PollingMember(options, topic)) {
            eventually("the rest is read", () -> member.records().size() >= 10);
            assertEquals(10, member.records().size(), "records were read again");
        }
    }

    @ParameterizedTest
    @EnumSource(Assignor.class)
    void sharesOutPartitionsAsMembersComeAndGo(Assignor assignor) {
        String topic = newTopic(PARTITIONS);
        ConsumerOptions options = group(uniqueName("group")).assignors(assignor).build();
        PollingMember first = new PollingMember(options, topic);
        eventually("one has all", () -> first.owned().size() == PARTITIONS);
        PollingMember second = new PollingMember(options, topic);
        eventually("each has half", () -> first.owned().size() == 3 && second.owned().size() == 3);
        PollingMember third = new PollingMember(options, topic);
        eventually(
                "each has a third",
                () -> all(first, second, third).allMatch(m -> m.owned().size() == 2));
        assertDisjoint(first, second, third);

        send(topic, 0, RECORDS);
        eventually(
                "all records are read",
                () -> all(first, second, third).mapToInt(m -> m.records().size()).sum() == RECORDS);

        third.close();
        eventually(
                "those who stay share the rest",
                () -> first.owned().size() + second.owned().size() == PARTITIONS);
        first.close();
        eventually("one has all", () -> second.owned().size() == PARTITIONS);
        send(topic, RECORDS, RECORDS);
        eventually(
                "all records are read",
                () ->
                        all(first, second, third).mapToInt(m -> m.records().size()).sum()
                                >= 2 * RECORDS);
        second.close();
        assertEachOnce(2 * RECORDS, first, second, third);
        all(first, second, third)
                .forEach(m -> assertTrue(m.failure().isEmpty(), m.failure().toString()));
    }

    @Test
    void keepsReadingWhatStaysWhileOthersJoin() {
        String topic = newTopic(PARTITIONS);
        ConsumerOptions options = group(uniqueName("group")).build();
        try (PollingMember first = new PollingMember(options, topic)) {
            eventually("one has all", () -> first.owned().size() == PARTITIONS);
            try (PollingMember second = new PollingMember(options, topic)) {
                eventually(
                        "each has half",
                        () -> first.owned().size() == 3 && second.owned().size() == 3);
                assertEquals(3, first.revoked().size());
                assertEquals(Set.copyOf(first.revoked()), second.owned());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "org.apache.kafka.clients.consumer.RangeAssignor, RANGE, true",
        "org.apache.kafka.clients.consumer.RangeAssignor, RANGE, false",
        "org.apache.kafka.clients.consumer.RoundRobinAssignor, ROUND_ROBIN, true",
        "org.apache.kafka.clients.consumer.CooperativeStickyAssignor, COOPERATIVE_STICKY, true",
        "org.apache.kafka.clients.consumer.CooperativeStickyAssignor, COOPERATIVE_STICKY, false",
        "defaults, COOPERATIVE_STICKY, true",
        "defaults, COOPERATIVE_STICKY, false"
    })
    void sharesWithMembersOfKafkasOwnClient(
            String kafkaAssignor, Assignor assignor, boolean kafkaFirst) {
        String topic = newTopic(PARTITIONS);
        String group = uniqueName("group");
        ConsumerOptions options = group(group).assignors(assignor).build();
        try (KafkaMember kafka = new KafkaMember(bootstrap(), group, kafkaAssignor, topic)) {
            if (kafkaFirst) {
                kafka.start();
                eventually("Kafka's has all", () -> kafka.owned().size() == PARTITIONS);
            }
            try (PollingMember ours = new PollingMember(options, topic)) {
                if (!kafkaFirst) {
                    eventually("ours has all", () -> ours.owned().size() == PARTITIONS);
                    kafka.start();
                }
                eventually(
                        "each has half",
                        () -> ours.owned().size() == 3 && kafka.owned().size() == 3);
                Set<TopicPartition> both = new HashSet<>(ours.owned());
                both.addAll(kafka.owned());
                assertEquals(PARTITIONS, both.size());
                send(topic, 0, RECORDS);
                eventually(
                        "all is read",
                        () -> ours.records().size() + kafka.values().size() >= RECORDS);
                Set<String> values = new TreeSet<>(kafka.values());
                ours.records().forEach(record -> values.add(record.value()));
                assertEquals(RECORDS, values.size());
                assertEquals(RECORDS, ours.records().size() + kafka.values().size());
            }
            eventually("Kafka's has all", () -> kafka.owned().size() == PARTITIONS);
        }
    }

    @Test
    void saysThatItsAssignorIsNotTheGroups() {
        String topic = newTopic(1);
        String group = uniqueName("group");
        try (PollingMember member =
                new PollingMember(group(group).assignors(Assignor.RANGE).build(), topic)) {
            eventually("the first has joined", () -> member.owned().size() == 1);
            try (Consumer<byte[], byte[]> other =
                    Consumer.connect(group(group).assignors(Assignor.ROUND_ROBIN).build())) {
                other.subscribe(List.of(topic));
                BrokerException failure =
                        assertThrows(BrokerException.class, () -> other.poll(PATIENCE));
                assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, failure.errorCode());
                assertTrue(failure.getMessage().contains(group), failure.getMessage());
            }
        }
    }

    @Test
    void staysInTheGroupWhileItsThreadIsBusy() {
        String topic = newTopic(2);
        ConsumerOptions options =
                group(uniqueName("group"))
                        .sessionTimeout(sessionTimeoutMin())
                        .heartbeatInterval(sessionTimeoutMin().dividedBy(5))
                        .build();
        try (Consumer<byte[], byte[]> busy = Consumer.connect(options);
                PollingMember other = new PollingMember(options, topic)) {
            busy.subscribe(List.of(topic));
            eventually(
                    "each has one",
                    () -> {
                        busy.poll(Duration.ofMillis(20));
                        return busy.assignment().size() == 1 && other.owned().size() == 1;
                    });
            int rebalances = other.rebalances();
            Deadline twoSessions = Deadline.after(sessionTimeoutMin().multipliedBy(2));
            eventually("two session timeouts have passed without a poll", twoSessions::isOver);
            busy.poll(Duration.ZERO);
            assertEquals(1, busy.assignment().size());
            assertEquals(rebalances, other.rebalances());
        }
    }

    private static RebalanceListener noting(List<TopicPartition> lost) {
        return new RebalanceListener() {
            @Override
            public void onLost(Collection<TopicPartition> partitions) {
                lost.addAll(partitions);
            }
        };
    }

    @Test
    void givesUpItsPartitionsIfItDoesNotPoll() {
        String topic = newTopic(2);
        String group = uniqueName("group");
        ConsumerOptions slow =
                group(group)
                        .maxPollInterval(Duration.ofMillis(500))
                        .heartbeatInterval(Duration.ofMillis(100))
                        .build();
        List<TopicPartition> lost = new ArrayList<>();
        try (Consumer<byte[], byte[]> stuck = Consumer.connect(slow)) {
            stuck.subscribe(List.of(topic), noting(lost));
            eventually(
                    "it has all",
                    () -> {
                        stuck.poll(Duration.ofMillis(50));
                        return stuck.assignment().size() == 2;
                    });
            try (PollingMember other = new PollingMember(group(group).build(), topic)) {
                eventually("the other has all", () -> other.owned().size() == 2);
                stuck.poll(Duration.ZERO);
                assertEquals(2, lost.size());
                eventually(
                        "both have one",
                        () -> {
                            stuck.poll(Duration.ofMillis(50));
                            return stuck.assignment().size() == 1 && other.owned().size() == 1;
                        });
            }
        }
    }

    @Test
    void isAliveDuringALongPoll() {
        String topic = newTopic(2);
        ConsumerOptions patient =
                group(uniqueName("group"))
                        .maxPollInterval(Duration.ofSeconds(1))
                        .heartbeatInterval(Duration.ofMillis(100))
                        .build();
        List<TopicPartition> lost = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = Consumer.connect(patient)) {
            consumer.subscribe(List.of(topic), noting(lost));
            eventually(
                    "it has all",
                    () -> {
                        consumer.poll(Duration.ofMillis(50));
                        return consumer.assignment().size() == 2;
                    });
            assertEquals(List.of(), consumer.poll(Duration.ofSeconds(3)));
            assertEquals(List.of(), lost);
            assertEquals(2, consumer.assignment().size());
        }
    }

    @Test
    void takesItsOldPlaceBackUnderItsLastingName() {
        String topic = newTopic(4);
        String group = uniqueName("group");
        ConsumerOptions named = group(group).groupInstanceId("one").build();
        try (PollingMember other =
                new PollingMember(group(group).groupInstanceId("two").build(), topic)) {
            PollingMember first = new PollingMember(named, topic);
            eventually(
                    "each has half", () -> first.owned().size() == 2 && other.owned().size() == 2);
            Set<TopicPartition> before = Set.copyOf(first.owned());
            int rebalances = other.rebalances();
            first.close();
            try (PollingMember again = new PollingMember(named, topic)) {
                eventually("it has its place back", () -> again.owned().equals(before));
                assertEquals(rebalances, other.rebalances(), "the other was disturbed");
            }
        }
    }

    @Test
    void sharesOutPartitionsThatAreAdded() {
        String topic = newTopic(2);
        ConnectionOptions connection =
                ConnectionOptions.builder(bootstrap())
                        .metadataAgeMax(Duration.ofMillis(100))
                        .build();
        ConsumerOptions options =
                ConsumerOptions.builder(connection)
                        .groupId(uniqueName("group"))
                        .heartbeatInterval(Duration.ofMillis(100))
                        .build();
        try (PollingMember member = new PollingMember(options, topic);
                Admin admin = Admin.connect(bootstrap())) {
            eventually("it has both", () -> member.owned().size() == 2);
            admin.addPartitions(topic, 5);
            eventually("it has the new ones too", () -> member.owned().size() == 5);
        }
    }

    @Test
    void commitsWhileItLosesPartitions() {
        String topic = newTopic(2);
        send(topic, 0, 100);
        String group = uniqueName("group");
        ConsumerOptions options = group(group).noAutoCommit().build();
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        Consumer<byte[], byte[]> consumer = Consumer.connect(options);
        RebalanceListener listener =
                new RebalanceListener() {
                    @Override
                    public void onRevoked(Collection<TopicPartition> partitions) {
                        partitions.forEach(
                                p -> committed.put(p, OffsetAndMetadata.of(consumer.position(p))));
                        consumer.commit(committed);
                    }
                };
        try (consumer) {
            consumer.subscribe(List.of(topic), listener);
            int[] read = {0};
            eventually(
                    "all is read",
                    () -> {
                        read[0] += consumer.poll(Duration.ofMillis(50)).size();
                        return read[0] == 100;
                    });
        }
        assertEquals(2, committed.size());
        try (Admin admin = Admin.connect(bootstrap())) {
            assertEquals(committed, admin.listGroupOffsets(group));
        }
    }

    @Test
    void commitsInTheBackground() {
        String topic = newTopic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        send(topic, 0, 10);
        ConsumerOptions options = group(uniqueName("group")).noAutoCommit().build();
        try (Consumer<byte[], byte[]> consumer = Consumer.connect(options)) {
            consumer.subscribe(List.of(topic));
            eventually("records come", () -> !consumer.poll(Duration.ofMillis(50)).isEmpty());
            consumer.commitAsync().join();
            assertEquals(10, consumer.committed(List.of(partition)).get(partition).offset());
            consumer.commitAsync(Map.of(partition, new OffsetAndMetadata(3, "three"))).join();
            assertEquals(
                    Map.of(partition, new OffsetAndMetadata(3, "three")),
                    consumer.committed(List.of(partition)));
        }
    }

    @Test
    void commitsByItselfFromTimeToTime() {
        String topic = newTopic(1);
        String group = uniqueName("group");
        ConsumerOptions options = group(group).autoCommitInterval(Duration.ofMillis(50)).build();
        try (PollingMember member = new PollingMember(options, topic);
                Admin admin = Admin.connect(bootstrap())) {
            send(topic, 0, 10);
            eventually("records come", () -> member.records().size() == 10);
            TopicPartition partition = new TopicPartition(topic, 0);
            eventually(
                    "they are committed",
                    () ->
                            OffsetAndMetadata.of(10)
                                    .equals(admin.listGroupOffsets(group).get(partition)));
        }
    }

    @Test
    void changesWhatItSubscribesTo() {
        String first = newTopic(1);
        String second = newTopic(2);
        send(second, 0, 10);
        try (Consumer<String, String> consumer =
                Consumer.connect(
                        group(uniqueName("group")).build(),
                        Deserializer.utf8(),
                        Deserializer.utf8())) {
            consumer.subscribe(List.of(first));
            eventually(
                    "the first is read",
                    () -> {
                        consumer.poll(Duration.ofMillis(50));
                        return consumer.assignment().equals(Set.of(new TopicPartition(first, 0)));
                    });
            consumer.subscribe(List.of(second));
            assertEquals(Set.of(second), consumer.subscription());
            List<String> values = new ArrayList<>();
            eventually(
                    "the second is read",
                    () -> {
                        consumer.poll(Duration.ofMillis(50))
                                .forEach(record -> values.add(record.value()));
                        return values.size() == 10;
                    });
            assertEquals(2, consumer.assignment().size());
            consumer.unsubscribe();
            assertEquals(Set.of(), consumer.assignment());
            consumer.assign(List.of(new TopicPartition(first, 0)));
            assertThrows(IllegalStateException.class, () -> consumer.subscribe(List.of(first)));
        }
    }

    @Test
    void isSeenByAdmin() {
        String topic = newTopic(3);
        String group = uniqueName("group");
        try (PollingMember member = new PollingMember(group(group).build(), topic);
                Admin admin = Admin.connect(bootstrap())) {
            eventually("it has all", () -> member.owned().size() == 3);
            eventually("it is stable", () -> admin.describeGroup(group).state().equals("Stable"));
            GroupDescription described = admin.describeGroup(group);
            assertEquals("consumer", described.protocolType());
            assertEquals("cooperative-sticky", described.assignor());
            assertEquals(1, described.members().size());
            assertEquals(Set.copyOf(member.owned()), described.members().get(0).partitions());
            assertFalse(described.members().get(0).clientId().isEmpty());
            BrokerException failure =
                    assertThrows(BrokerException.class, () -> admin.deleteGroup(group));
            assertEquals(ErrorCode.NON_EMPTY_GROUP, failure.errorCode());
        }
    }

    // ----

    private ConsumerOptions.Builder group(String groupId) {
        return ConsumerOptions.builder(bootstrap())
                .groupId(groupId)
                .offsetReset(OffsetReset.EARLIEST)
                .heartbeatInterval(Duration.ofMillis(100));
    }

    private void send(String topic, int from, int count) {
        ProducerOptions options = ProducerOptions.of(bootstrap());
        try (Producer<String, String> producer =
                Producer.connect(options, Serializer.utf8(), Serializer.utf8())) {
            sendAll(
                    producer,
                    IntStream.range(from, from + count)
                            .mapToObj(i -> ProducerRecord.of(topic, "key " + i, "value " + i)));
        }
    }

    private static java.util.stream.Stream<PollingMember> all(PollingMember... members) {
        return java.util.stream.Stream.of(members);
    }

    private static void assertDisjoint(PollingMember... members) {
        List<TopicPartition> owned =
                all(members).flatMap(member -> member.owned().stream()).toList();
        assertEquals(owned.size(), Set.copyOf(owned).size(), "a partition has two owners");
    }

    private static void assertEachOnce(int count, PollingMember... members) {
        List<String> values =
                all(members)
                        .flatMap(member -> member.records().stream())
                        .map(ConsumerRecord::value)
                        .toList();
        assertEquals(count, Set.copyOf(values).size(), "records are missing");
        assertEquals(count, values.size(), "records were read twice");
    }

    /** A member of Apache Kafka's own client. */
    private static final class KafkaMember implements AutoCloseable {
        private final KafkaConsumer<String, String> consumer;
        private final Thread thread;
        private final Set<String> values = java.util.concurrent.ConcurrentHashMap.newKeySet();
        private volatile Set<TopicPartition> owned = Set.of();
        private volatile boolean running = true;

        KafkaMember(String bootstrap, String group, String assignor, String topic) {
            Properties config = new Properties();
            config.put("bootstrap.servers", bootstrap);
            config.put("group.id", group);
            config.put("auto.offset.reset", "earliest");
            config.put("heartbeat.interval.ms", "100");
            if (!assignor.equals("defaults")) {
                config.put("partition.assignment.strategy", assignor);
            }
            consumer =
                    new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
            thread = new Thread(() -> run(topic), "kafka-member");
        }

        void start() {
            thread.start();
        }

        private void run(String topic) {
            try (consumer) {
                consumer.subscribe(List.of(topic));
                while (running) {
                    consumer.poll(Duration.ofMillis(50))
                            .forEach(record -> values.add(record.value()));
                    Set<TopicPartition> now = new HashSet<>();
                    consumer.assignment()
                            .forEach(p -> now.add(new TopicPartition(p.topic(), p.partition())));
                    owned = now;
                }
            }
        }

        Set<TopicPartition> owned() {
            return owned;
        }

        Set<String> values() {
            return values;
        }

        @Override
        public void close() throws IllegalStateException {
            running = false;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
