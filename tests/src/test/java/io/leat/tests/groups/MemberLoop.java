package io.leat.tests.groups;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.IntegerDeserializer;

/**
 * The loop of a careful member: it commits after each poll, and before it gives a partition back.
 * So each record is read once as long as members leave in good order.
 *
 * <p>{@link #run()} belongs to one thread; {@link #stop()} is for others.
 */
final class MemberLoop implements Runnable, ConsumerRebalanceListener {
    private final KafkaConsumer<Integer, Integer> consumer;
    private final String topic;
    private final Consumer<Event> events;
    private volatile boolean stopped;

    MemberLoop(Map<String, Object> config, String topic, Consumer<Event> events) {
        this.consumer =
                new KafkaConsumer<>(config, new IntegerDeserializer(), new IntegerDeserializer());
        this.topic = topic;
        this.events = events;
    }

    @Override
    public void run() {
        try (consumer) {
            consumer.subscribe(List.of(topic), this);
            while (!stopped) {
                ConsumerRecords<Integer, Integer> records = consumer.poll(Duration.ofMillis(500));
                for (TopicPartition partition : records.partitions()) {
                    List<Integer> values =
                            records.records(partition).stream().map(ConsumerRecord::value).toList();
                    events.accept(Event.read(partition.partition(), values));
                }
                if (!records.isEmpty()) {
                    commit();
                }
            }
        } catch (WakeupException e) {
            // Asked to stop; close leaves the group.
        }
    }

    /** Ends the loop and leaves the group as the configuration says. */
    void stop() {
        stopped = true;
        consumer.wakeup();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        events.accept(Event.of(Event.Kind.ASSIGNED, partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        commit();
        events.accept(Event.of(Event.Kind.REVOKED, partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        events.accept(Event.of(Event.Kind.LOST, partitions));
    }

    private void commit() {
        try {
            consumer.commitSync();
        } catch (RebalanceInProgressException | CommitFailedException e) {
            // The next poll rejoins; what was not committed is committed there or read again.
        } catch (WakeupException e) {
            consumer.commitSync();
        }
    }
}
