package io.leat.broker.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Kafka's own consumers in one group, each on a thread of its own, who note down what they own and
 * what they read. A partition that two of them own at once is an error.
 */
final class GroupUnderTest implements AutoCloseable {
    static final int SESSION_MILLIS = 3_000;

    private final EmbeddedBroker broker;
    private final String group;
    private final String topic;
    private final Map<String, String> config;
    final Map<TopicPartition, String> owners = new ConcurrentHashMap<>();
    final Set<String> read = ConcurrentHashMap.newKeySet();
    final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Member> members = new ArrayList<>();

    GroupUnderTest(EmbeddedBroker broker, String group, String topic, Map<String, String> config) {
        this.broker = broker;
        this.group = group;
        this.topic = topic;
        this.config = config;
    }

    final class Member implements ConsumerRebalanceListener {
        final String name;
        private final Thread thread;
        private final KafkaConsumer<byte[], byte[]> consumer;
        private boolean uncommitted;
        private volatile CloseOptions.GroupMembershipOperation end;
        volatile int generation;
        final AtomicInteger assignments = new AtomicInteger();

        private Member(String name, Map<String, String> more) {
            this.name = name;
            Map<String, String> all =
                    new HashMap<>(
                            Map.of(
                                    "group.id", group,
                                    "client.id", name,
                                    "enable.auto.commit", "false",
                                    "auto.offset.reset", "earliest",
                                    "session.timeout.ms", "" + SESSION_MILLIS,
                                    "heartbeat.interval.ms", "300",
                                    "max.poll.records", "100",
                                    "reconnect.backoff.max.ms", "200"));
            all.putAll(config);
            all.putAll(more);
            consumer = broker.consumer(all);
            thread = Thread.ofPlatform().name(name).start(this::run);
        }

        private void run() {
            try {
                consumer.subscribe(List.of(topic), this);
                while (end == null) {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(50));
                    records.forEach(r -> read.add(r.partition() + "@" + r.offset()));
                    generation = consumer.groupMetadata().generationId();
                    uncommitted |= !records.isEmpty();
                    if (uncommitted) {
                        commit();
                    }
                }
                consumer.close(
                        CloseOptions.timeout(Duration.ofSeconds(5))
                                .withGroupMembershipOperation(end));
            } catch (RuntimeException e) {
                errors.add(name + ": " + e);
                consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
            } finally {
                owners.values().removeIf(name::equals);
            }
        }

        private void commit() {
            try {
                consumer.commitSync();
                uncommitted = false;
            } catch (CommitFailedException | RebalanceInProgressException | TimeoutException e) {
                // The group moves on: whoever owns the partition then tries again.
                return;
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            assignments.incrementAndGet();
            for (TopicPartition partition : assigned) {
                String other = owners.put(partition, name);
                if (other != null) {
                    errors.add(partition + " owned by " + other + " and " + name);
                }
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            revoked.forEach(partition -> owners.remove(partition, name));
        }

        int owned() {
            return (int) owners.values().stream().filter(name::equals).count();
        }

        /** Leaves, by its own default: static members stay. */
        void stop() {
            end(CloseOptions.GroupMembershipOperation.DEFAULT);
        }

        /** Is gone without a word. */
        void crash() {
            end(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP);
        }

        private void end(CloseOptions.GroupMembershipOperation operation) {
            end = operation;
            members.remove(this);
            await("the end of " + name, () -> !thread.isAlive());
        }
    }

    Member join(String name) {
        return join(name, Map.of());
    }

    Member join(String name, Map<String, String> more) {
        Member member = new Member(name, more);
        members.add(member);
        return member;
    }

    /** Waits until all partitions are owned and every member owns its share. */
    void awaitBalance(int partitions) {
        await(
                () -> "balance: " + owners + " of " + names() + ", errors " + errors,
                30_000,
                () ->
                        owners.size() == partitions
                                && members.stream()
                                        .allMatch(m -> m.owned() >= partitions / members.size()));
    }

    private String names() {
        return members.stream().map(m -> m.name).collect(Collectors.joining(", "));
    }

    static void await(String what, BooleanSupplier condition) {
        await(() -> what, 30_000, condition);
    }

    static void await(Supplier<String> what, long millis, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what.get());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Override
    public void close() {
        List.copyOf(members).forEach(Member::stop);
    }
}
