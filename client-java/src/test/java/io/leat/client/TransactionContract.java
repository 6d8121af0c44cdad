package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Reads what transactions of Apache Kafka's own producer have left. */
public abstract class TransactionContract extends BrokerContract {
    @Test
    protected void leavesOutWhatWasAbortedAndWaitsForWhatIsOpen() throws Exception {
        String topic = newTopic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<String, String> first = producer("first");
                KafkaProducer<String, String> second = producer("second")) {
            first.initTransactions();
            second.initTransactions();
            first.beginTransaction();
            second.beginTransaction();
            send(first, topic, "kept 1");
            send(second, topic, "dropped 1");
            send(first, topic, "kept 2");
            send(second, topic, "dropped 2");
            second.abortTransaction();
            first.commitTransaction();
            second.beginTransaction();
            send(second, topic, "kept 3");
            second.commitTransaction();
            first.beginTransaction();
            send(first, topic, "open");
            assertEquals(
                    List.of("kept 1", "kept 2", "kept 3"),
                    read(partition, IsolationLevel.READ_COMMITTED, 3));
            assertEquals(
                    List.of("kept 1", "dropped 1", "kept 2", "dropped 2", "kept 3", "open"),
                    read(partition, IsolationLevel.READ_UNCOMMITTED, 6));
            first.abortTransaction();
        }
        assertEquals(
                List.of("kept 1", "kept 2", "kept 3"),
                read(partition, IsolationLevel.READ_COMMITTED, 3));
    }

    private List<String> read(TopicPartition partition, IsolationLevel isolation, int count) {
        ConsumerOptions options =
                ConsumerOptions.builder(bootstrap())
                        .isolation(isolation)
                        .offsetReset(OffsetReset.EARLIEST)
                        .build();
        List<String> values = new ArrayList<>();
        try (Consumer<String, String> consumer =
                Consumer.connect(options, Deserializer.utf8(), Deserializer.utf8())) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            eventually(
                    "all is read",
                    () -> {
                        consumer.poll(Duration.ofMillis(50))
                                .forEach(record -> values.add(record.value()));
                        return consumer.position(partition) >= end && values.size() >= count;
                    });
        }
        return values;
    }

    private static void send(KafkaProducer<String, String> producer, String topic, String value)
            throws Exception {
        Future<?> sent =
                producer.send(
                        new org.apache.kafka.clients.producer.ProducerRecord<>(
                                topic, 0, null, value));
        sent.get();
    }

    private KafkaProducer<String, String> producer(String id) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap(), "transactional.id", uniqueName(id)),
                new StringSerializer(),
                new StringSerializer());
    }
}
