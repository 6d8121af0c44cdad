package io.leat.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A member of a group on a thread of its own, which polls until it is closed and notes all that it
 * sees.
 */
final class PollingMember implements AutoCloseable, RebalanceListener {
    private final Consumer<String, String> consumer;
    private final Thread thread;
    private final Queue<ConsumerRecord<String, String>> records = new ConcurrentLinkedQueue<>();
    private final Set<TopicPartition> owned = ConcurrentHashMap.newKeySet();
    private final Queue<TopicPartition> revoked = new ConcurrentLinkedQueue<>();
    private final Queue<TopicPartition> lost = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rebalances = new AtomicInteger();
    private volatile boolean running = true;
    private volatile Optional<RuntimeException> failure = Optional.empty();

    PollingMember(ConsumerOptions options, String topic) {
        consumer = Consumer.connect(options, Deserializer.utf8(), Deserializer.utf8());
        thread = new Thread(() -> run(topic), "polling-member");
        thread.start();
    }

    private void run(String topic) {
        try (consumer) {
            consumer.subscribe(List.of(topic), this);
            while (running) {
                records.addAll(consumer.poll(Duration.ofSeconds(1)));
            }
        } catch (RuntimeException e) {
            failure = Optional.of(e);
        }
    }

    @Override
    public void onAssigned(Collection<TopicPartition> partitions) {
        owned.addAll(partitions);
        rebalances.incrementAndGet();
    }

    @Override
    public void onRevoked(Collection<TopicPartition> partitions) {
        revoked.addAll(partitions);
        owned.removeAll(partitions);
    }

    @Override
    public void onLost(Collection<TopicPartition> partitions) {
        lost.addAll(partitions);
        owned.removeAll(partitions);
    }

    Queue<ConsumerRecord<String, String>> records() {
        return records;
    }

    Set<TopicPartition> owned() {
        return owned;
    }

    Queue<TopicPartition> revoked() {
        return revoked;
    }

    Queue<TopicPartition> lost() {
        return lost;
    }

    int rebalances() {
        return rebalances.get();
    }

    Optional<RuntimeException> failure() {
        return failure;
    }

    @Override
    public void close() {
        running = false;
        consumer.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
