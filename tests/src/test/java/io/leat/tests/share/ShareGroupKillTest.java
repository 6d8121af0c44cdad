package io.leat.tests.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.JavaCommand;
import io.leat.tests.harness.LeatBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/**
 * Ten members share three partitions; records poison them, their processes are killed, and so is
 * the broker. Each record must be accepted once or be a dead letter once, none may come again when
 * it is done, and none may be held much longer than its lock lasts: {@link #WAIT_LIMIT} is for the
 * start of those who are to get it, on a busy machine.
 *
 * <p>What may come again after a kill: a record whose acceptance the broker had not answered.
 *
 * <p>{@code -Dleat.share.rounds=200} is the long form, {@code -Dleat.share.seed=42} draws other
 * kills.
 */
class ShareGroupKillTest {
    private static final String TOPIC = "orders";
    private static final String GROUP = "workers";
    private static final String DEAD_LETTERS = "dlq.workers";
    private static final int PARTITIONS = 3;
    private static final int PROCESSES = 2;
    private static final int MEMBERS_EACH = 5;
    private static final int RECORDS_EACH_ROUND = 400;
    private static final int LOCK_MILLIS = 2_000;
    private static final Duration WAIT_LIMIT = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Random random = new Random(Long.getLong("leat.share.seed", 1L));
    private final int rounds = Integer.getInteger("leat.share.rounds", 6);
    private final ShareLedger ledger = new ShareLedger();
    private final List<String> keys = new ArrayList<>();
    private final List<Crew> crews = new ArrayList<>();
    private int crewNumber;
    private int poison;
    private int brokerKills;
    private int memberKills;

    @Test
    void everyRecordIsAcceptedOnceOrIsADeadLetterOnce() throws Exception {
        try (LeatBroker broker =
                new LeatBroker(
                        Map.of(
                                "group.share.min.record.lock.duration.ms", "1000",
                                "group.share.min.session.timeout.ms", "5000",
                                "group.share.min.heartbeat.interval.ms", "500"))) {
            broker.start();
            prepare(broker);
            try {
                for (int i = 0; i < PROCESSES; i++) {
                    crews.add(new Crew(broker));
                }
                for (int round = 0; round < rounds; round++) {
                    round(broker);
                }
                awaitEnd(broker);
            } finally {
                crews.forEach(Crew::close);
            }
            readDeadLetters(broker);
            report();
            assertEquals(List.of(), ledger.violations(keys).stream().limit(10).toList());
            assertTrue(
                    ledger.longestWaitMillis() <= WAIT_LIMIT.toMillis(),
                    () -> "a record waited " + ledger.longestWaitMillis() + " ms");
            assertTrue(ledger.deadLetterCount() > 0, "no record was buried");
            assertTrue(memberKills > 0 && brokerKills > 0, "nobody was killed");
        }
    }

    private void report() {
        System.out.printf(
                "%d records (%d poison), %d deliveries: %d accepted for sure, %d dead letters;"
                        + " %d kills of members, %d of the broker; longest wait %d ms%n",
                keys.size(),
                poison,
                ledger.deliveries(),
                ledger.acceptedCount(),
                ledger.deadLetterCount(),
                memberKills,
                brokerKills,
                ledger.longestWaitMillis());
    }

    private void prepare(LeatBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(TOPIC, PARTITIONS, (short) 1),
                                    new NewTopic(DEAD_LETTERS, 2, (short) 1)
                                            .configs(
                                                    Map.of(
                                                            "errors.deadletterqueue.group.enable",
                                                            "true"))))
                    .all()
                    .get();
            Collection<AlterConfigOp> settings =
                    List.of(
                            set("share.auto.offset.reset", "earliest"),
                            set("share.record.lock.duration.ms", "" + LOCK_MILLIS),
                            set("share.session.timeout.ms", "5000"),
                            set("share.heartbeat.interval.ms", "1000"),
                            set("share.delivery.count.limit", "5"),
                            set("errors.deadletterqueue.topic.name", DEAD_LETTERS));
            admin.incrementalAlterConfigs(
                            Map.of(new ConfigResource(ConfigResource.Type.GROUP, GROUP), settings))
                    .all()
                    .get();
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private void round(LeatBroker broker) throws Exception {
        produce(broker);
        long before = ledger.deliveries();
        int some = 50 + random.nextInt(200);
        Await.until(
                "deliveries",
                LIMIT,
                () -> {
                    renewCrews(broker);
                    return ledger.deliveries() >= before + some;
                });
        if (random.nextInt(3) == 0) {
            broker.kill();
            broker.start();
            brokerKills++;
        } else {
            int index = random.nextInt(crews.size());
            crews.get(index).kill();
            memberKills++;
        }
        if (brokerKills == 0 && random.nextBoolean()) {
            broker.kill();
            broker.start();
            brokerKills++;
        }
        renewCrews(broker);
    }

    /** Poison and kills bring crews down; others take their place. */
    private void renewCrews(LeatBroker broker) {
        for (int i = 0; i < crews.size(); i++) {
            if (!crews.get(i).alive()) {
                crews.get(i).close();
                crews.set(i, new Crew(broker));
            }
        }
    }

    private void produce(LeatBroker broker) throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", broker.bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            var sent =
                    IntStream.range(0, RECORDS_EACH_ROUND)
                            .mapToObj(i -> {
                                boolean bad = random.nextInt(60) == 0;
                                poison += bad ? 1 : 0;
                                return producer.send(
                                        new ProducerRecord<>(
                                                TOPIC,
                                                random.nextInt(PARTITIONS),
                                                "key" + i,
                                                (bad ? "poison" : "fine") + i));
                            })
                            .toList();
            for (var each : sent) {
                keys.add(ShareLedger.key(each.get().partition(), each.get().offset()));
            }
        }
    }

    private void awaitEnd(LeatBroker broker) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            Await.until(
                    () -> "lag " + lag(admin),
                    LIMIT,
                    () -> {
                        renewCrews(broker);
                        return lag(admin) == 0;
                    });
        }
    }

    private static long lag(Admin admin) {
        try {
            return admin
                    .listShareGroupOffsets(Map.of(GROUP, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(GROUP)
                    .get()
                    .values()
                    .stream()
                    .mapToLong(info -> info.lag().orElse(1L))
                    .sum();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void readDeadLetters(LeatBroker broker) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of("bootstrap.servers", broker.bootstrap()),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            List<TopicPartition> partitions =
                    List.of(
                            new TopicPartition(DEAD_LETTERS, 0),
                            new TopicPartition(DEAD_LETTERS, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    assertEquals(TOPIC, header(record, "__dlq.errors.topic"));
                    assertEquals(GROUP, header(record, "__dlq.errors.group"));
                    assertTrue(record.key().startsWith("key"), "the record itself is copied");
                    ledger.deadLetter(
                            Integer.parseInt(header(record, "__dlq.errors.partition")),
                            Long.parseLong(header(record, "__dlq.errors.offset")));
                }
            }
        }
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** A process with members. */
    private final class Crew implements AutoCloseable {
        private final ChildProcess process;
        private final Thread reader;
        private volatile boolean closed;

        private Crew(LeatBroker broker) {
            String name = "crew" + crewNumber++;
            String classPath =
                    JavaCommand.classPathOf(
                            ShareMemberProgram.class,
                            KafkaShareConsumer.class,
                            org.slf4j.Logger.class);
            process =
                    ChildProcess.start(
                            name,
                            Folders.target(),
                            JavaCommand.of(
                                    classPath,
                                    ShareMemberProgram.class,
                                    List.of(
                                            broker.bootstrap(),
                                            TOPIC,
                                            GROUP,
                                            name,
                                            "" + MEMBERS_EACH,
                                            "" + random.nextInt())));
            reader = Thread.ofVirtual().start(this::tellLedger);
        }

        private boolean alive() {
            return process.alive();
        }

        private void kill() {
            process.kill();
        }

        @Override
        public void close() {
            process.close();
            closed = true;
            Await.until("events of a crew", Duration.ofSeconds(10), () -> !reader.isAlive());
        }

        private void tellLedger() {
            int seen = 0;
            while (true) {
                boolean last = closed;
                List<String> lines = process.linesFrom(seen);
                lines.forEach(line -> ShareEvent.fromLine(line).ifPresent(ledger::add));
                seen += lines.size();
                if (last) {
                    return;
                }
                int known = seen;
                Await.until(
                        "output of a crew",
                        Duration.ofMinutes(5),
                        () -> closed || process.lineCount() > known);
            }
        }
    }
}
