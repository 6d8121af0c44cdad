package io.leat.tests.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.leat.tests.harness.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.serialization.IntegerSerializer;

/**
 * A topic into which numbered records flow without a pause, a group that reads it, and a ledger of
 * what the members live through.
 */
final class GroupScenario implements AutoCloseable {
    static final int PARTITIONS = 12;
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration READ_LIMIT = Duration.ofSeconds(30);
    private static final long PAUSE_BETWEEN_RECORDS_NANOS = 2_000_000;

    private final String bootstrap;
    private final String name;
    private final Map<String, String> memberConfig;
    private final Ledger ledger = new Ledger();
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Admin admin;
    private final AtomicInteger sent = new AtomicInteger();
    private final Thread producer;
    private final AtomicReference<Exception> sendFailure = new AtomicReference<>();
    private volatile boolean producing = true;

    /**
     * @param name of the topic and the group
     * @param memberConfig what all members have in their configuration
     */
    GroupScenario(String bootstrap, String name, Map<String, String> memberConfig) {
        this.bootstrap = bootstrap;
        this.name = name;
        this.memberConfig = memberConfig;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        createTopic();
        this.producer = new Thread(this::produce, "producer-" + name);
        producer.start();
    }

    Ledger ledger() {
        return ledger;
    }

    Member.Local join(String member, Map<String, String> config) {
        var local = new Member.Local(member, config(member, config), name, ledger);
        members.put(member, local);
        return local;
    }

    Member.Local join(String member) {
        return join(member, Map.of());
    }

    Member.Remote joinFromOtherProcess(String member) {
        var remote = new Member.Remote(member, config(member, Map.of()), name, ledger);
        members.put(member, remote);
        return remote;
    }

    void leave(String member) {
        members.remove(member).close();
    }

    void crash(String... names) {
        for (String member : names) {
            ((Member.Remote) members.remove(member)).crash();
        }
    }

    /**
     * Waits until the present members share all partitions and the broker calls the group stable.
     *
     * @return how long that took
     */
    Duration awaitSettled(Duration limit) {
        return awaitSettled(limit, members.keySet());
    }

    Duration awaitSettled(Duration limit, Set<String> names) {
        long began = System.nanoTime();
        Set<String> expected = Set.copyOf(names);
        Await.until(
                () -> name + " shared by " + expected + "\n" + ledger,
                limit,
                () -> ledger.sharedBy(expected, PARTITIONS) && stableWith(expected.size()));
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Waits until a good number of further records were read, so that steps happen under load. */
    void awaitMoreRead(int records) {
        int goal = ledger.distinctRead() + records;
        Await.until(
                () -> name + " reads on: " + ledger.distinctRead() + "\n" + ledger,
                READ_LIMIT,
                () -> ledger.distinctRead() >= goal);
    }

    /** Ends production, and waits until all that was sent has been read. */
    void awaitAllRead() {
        producing = false;
        Await.until("end of production", READ_LIMIT, () -> !producer.isAlive());
        assertNull(sendFailure.get());
        Await.until(
                () -> ledger.distinctRead() + " read of " + sent.get() + "\n" + ledger,
                READ_LIMIT,
                () -> ledger.distinctRead() == sent.get());
    }

    /** The sum of the group's committed offsets must be the number of records sent. */
    void awaitAllCommitted() {
        Await.until(
                () -> "committed " + committed() + " of " + sent.get(),
                READ_LIMIT,
                () -> committed() == sent.get());
    }

    void assertNeverOwnedTwice() {
        assertEquals(java.util.List.of(), ledger.doubleOwnerships(), ledger::toString);
    }

    @Override
    public void close() {
        producing = false;
        members.values().forEach(Member::close);
        Await.until("end of production", READ_LIMIT, () -> !producer.isAlive());
        admin.close();
    }

    private Map<String, Object> config(String member, Map<String, String> more) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("group.id", name);
        config.put("client.id", member);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        config.put("session.timeout.ms", Long.toString(SESSION_TIMEOUT.toMillis()));
        config.put("heartbeat.interval.ms", "300");
        config.putAll(memberConfig);
        config.putAll(more);
        return config;
    }

    private boolean stableWith(int size) {
        ConsumerGroupDescription group = describe();
        return group.groupState() == GroupState.STABLE && group.members().size() == size;
    }

    ConsumerGroupDescription describe() {
        return get(() -> admin.describeConsumerGroups(Set.of(name)).all().get().get(name));
    }

    private long committed() {
        return get(() ->
                admin
                        .listConsumerGroupOffsets(name)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .values()
                        .stream()
                        .mapToLong(offset -> offset.offset())
                        .sum());
    }

    private void createTopic() {
        get(() ->
                admin.createTopics(Set.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get());
    }

    private void produce() {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "linger.ms", 5);
        try (var out =
                new KafkaProducer<>(config, new IntegerSerializer(), new IntegerSerializer())) {
            while (producing) {
                int number = sent.getAndIncrement();
                var record =
                        new ProducerRecord<Integer, Integer>(
                                name, number % PARTITIONS, null, number);
                var _ = out.send(record, (to, failure) -> sendFailure.compareAndSet(null, failure));
                LockSupport.parkNanos(PAUSE_BETWEEN_RECORDS_NANOS);
            }
        }
    }

    private interface Call<T> {
        T get() throws ExecutionException, InterruptedException;
    }

    private static <T> T get(Call<T> call) {
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
