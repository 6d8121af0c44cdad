package io.leat.tests.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The official client as a member of groups by the consumer protocol (KIP-848). */
class ConsumerProtocolTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private TestBroker broker;
    private Admin admin;
    private final List<Reader> readers = new ArrayList<>();
    private final Map<TopicPartition, String> owners = new ConcurrentHashMap<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void start() {
        broker =
                TestBrokers.start(
                        Map.of(
                                "group.consumer.heartbeat.interval.ms", "300",
                                "group.consumer.min.heartbeat.interval.ms", "100",
                                "group.consumer.session.timeout.ms", "3000",
                                "group.consumer.min.session.timeout.ms", "1000",
                                "group.min.session.timeout.ms", "1000"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Reader reader : readers) {
            reader.stop();
        }
        admin.close();
        broker.close();
    }

    /** A consumer on a thread of its own, which notes what it owns and has seen. */
    private final class Reader implements ConsumerRebalanceListener {
        private final String name;
        private final AtomicBoolean running = new AtomicBoolean(true);
        private final Thread thread;

        Reader(String name, String group, Map<String, Object> settings, String subscription) {
            this.name = name;
            Map<String, Object> all = new HashMap<>(settings);
            all.put("bootstrap.servers", broker.bootstrap());
            all.put("group.id", group);
            all.put("client.id", name);
            all.put("auto.offset.reset", "earliest");
            all.put("auto.commit.interval.ms", "50");
            thread =
                    Thread.ofPlatform()
                            .name(name)
                            .start(() -> {
                                try (KafkaConsumer<String, String> consumer =
                                        new KafkaConsumer<>(
                                                all,
                                                new StringDeserializer(),
                                                new StringDeserializer())) {
                                    if (subscription.startsWith("^")) {
                                        consumer.subscribe(
                                                new SubscriptionPattern(subscription), this);
                                    } else {
                                        consumer.subscribe(List.of(subscription), this);
                                    }
                                    while (running.get()) {
                                        for (ConsumerRecord<String, String> record :
                                                consumer.poll(Duration.ofMillis(50))) {
                                            seen.add(record.value());
                                        }
                                    }
                                } catch (RuntimeException e) {
                                    problems.add(name + ": " + e);
                                }
                            });
            readers.add(this);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                String before = owners.put(partition, name);
                if (before != null && !before.equals(name)) {
                    problems.add(partition + " is owned by " + before + " and " + name);
                }
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> owners.remove(partition, name));
        }

        void stop() throws InterruptedException {
            running.set(false);
            thread.join();
        }
    }

    private static Map<String, Object> consumerProtocol() {
        return Map.of("group.protocol", "consumer");
    }

    private static Map<String, Object> classicProtocol() {
        return Map.of(
                "group.protocol",
                "classic",
                "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
                "heartbeat.interval.ms",
                "200",
                "session.timeout.ms",
                "3000");
    }

    private void awaitOwners(int partitions, String... names) {
        Await.until(
                () -> "all partitions owned by " + List.of(names) + ": " + owners + problems,
                LIMIT,
                () ->
                        owners.size() == partitions
                                && Set.of(names).equals(Set.copyOf(owners.values())));
    }

    private ConsumerGroupDescription describe(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    }

    @Test
    void membersShareTopicsAndTheAdminSeesThem() throws Exception {
        admin.createTopics(List.of(new NewTopic("orders", 6, (short) 1))).all().get();
        new Reader("one", "g", consumerProtocol(), "orders");
        awaitOwners(6, "one");
        new Reader("two", "g", consumerProtocol(), "orders");
        awaitOwners(6, "one", "two");
        Await.until("the group is stable", LIMIT, () -> stable("g"));
        ConsumerGroupDescription description = describe("g");
        assertEquals(GroupType.CONSUMER, description.type());
        assertEquals("uniform", description.partitionAssignor());
        assertEquals(2, description.members().size());
        description
                .members()
                .forEach(member -> assertEquals(3, member.assignment().topicPartitions().size()));
        assertEquals(
                GroupType.CONSUMER,
                admin.listGroups().all().get().iterator().next().type().orElseThrow());
        readers.getFirst().stop();
        awaitOwners(6, "two");
        assertEquals(List.of(), problems);
    }

    private boolean stable(String group) {
        try {
            return describe(group).groupState() == GroupState.STABLE;
        } catch (Exception e) {
            return false;
        }
    }

    @Test
    void patternFindsTopicsThatComeLater() throws Exception {
        admin.createTopics(List.of(new NewTopic("log-a", 2, (short) 1))).all().get();
        new Reader("one", "p", consumerProtocol(), "^log-.*");
        awaitOwners(2, "one");
        admin.createTopics(List.of(new NewTopic("log-b", 3, (short) 1))).all().get();
        awaitOwners(5, "one");
        assertEquals(List.of(), problems);
    }

    @Test
    void settingsOfAGroupAreSetAndDescribed() throws Exception {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "c");
        ConfigEntry entry = new ConfigEntry("consumer.heartbeat.interval.ms", "700");
        admin.incrementalAlterConfigs(
                        Map.of(group, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all()
                .get();
        ConfigEntry set =
                admin.describeConfigs(List.of(group))
                        .all()
                        .get()
                        .get(group)
                        .get("consumer.heartbeat.interval.ms");
        assertEquals("700", set.value());
        assertEquals(ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG, set.source());
        assertTrue(
                admin.listConfigResources(
                                Set.of(ConfigResource.Type.GROUP), new ListConfigResourcesOptions())
                        .all()
                        .get()
                        .contains(group));
    }

    @Test
    void groupMovesToTheConsumerProtocolAndBackUnderLoad() throws Exception {
        admin.createTopics(List.of(new NewTopic("load", 6, (short) 1))).all().get();
        AtomicBoolean sending = new AtomicBoolean(true);
        AtomicLong sent = new AtomicLong();
        Thread sender =
                Thread.ofPlatform()
                        .start(() -> {
                            try (KafkaProducer<String, String> producer =
                                    new KafkaProducer<>(
                                            Map.of("bootstrap.servers", broker.bootstrap()),
                                            new StringSerializer(),
                                            new StringSerializer())) {
                                while (sending.get()) {
                                    for (int i = 0; i < 20; i++) {
                                        var _ =
                                                producer.send(
                                                        new ProducerRecord<>(
                                                                "load",
                                                                String.valueOf(sent.get() % 97),
                                                                String.valueOf(
                                                                        sent.getAndIncrement())));
                                    }
                                    producer.flush();
                                }
                            }
                        });
        Reader one = new Reader("one", "m", classicProtocol(), "load");
        Reader two = new Reader("two", "m", classicProtocol(), "load");
        awaitOwners(6, "one", "two");
        new Reader("three", "m", consumerProtocol(), "load");
        awaitOwners(6, "one", "two", "three");
        one.stop();
        Reader four = new Reader("four", "m", consumerProtocol(), "load");
        two.stop();
        awaitOwners(6, "three", "four");
        assertEquals(GroupType.CONSUMER, describe("m").type());

        new Reader("five", "m", classicProtocol(), "load");
        awaitOwners(6, "three", "four", "five");
        four.stop();
        readers.get(2).stop();
        awaitOwners(6, "five");
        Await.until(
                "the group is a classic one",
                LIMIT,
                () -> {
                    try {
                        return describe("m").type() == GroupType.CLASSIC;
                    } catch (Exception e) {
                        return false;
                    }
                });
        sending.set(false);
        sender.join();
        Await.until(
                () -> "all read: %d of %d".formatted(seen.size(), sent.get()),
                LIMIT,
                () -> seen.size() == sent.get());
        assertEquals(List.of(), problems);
    }
}
