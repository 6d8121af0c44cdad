package io.leat.tests.history;

import io.leat.tests.history.Transaction.Outcome;
import io.leat.tests.history.Transaction.Poll;
import io.leat.tests.history.Transaction.Seen;
import io.leat.tests.history.Transaction.Send;
import io.leat.tests.history.Transaction.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;

/**
 * A client that sends and polls in transactions, and writes down what it did and saw. A subscriber
 * is a member of a group and commits with each transaction how far it has polled; the others assign
 * themselves all partitions. After an error it begins anew with new kafka-clients, as programs do.
 */
final class WorkloadClient implements Runnable {
    private static final int STEPS_MAX = 4;
    private static final Duration POLL = Duration.ofMillis(50);

    private final int number;
    private final boolean subscriber;
    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final AtomicInteger values;
    private final Random random;
    private final List<Transaction> transactions = new ArrayList<>();
    private volatile boolean stopping;
    private volatile boolean leaving;
    private boolean repositioned = true;

    /** What the current transaction did; owned by the client's thread. */
    private List<Step> steps = new ArrayList<>();

    private record Sent(int partition, int value, Future<RecordMetadata> answer) {}

    /**
     * @param values gives each value once to all clients
     */
    WorkloadClient(
            int number,
            boolean subscriber,
            String bootstrap,
            String topic,
            int partitions,
            AtomicInteger values,
            long seed) {
        this.number = number;
        this.subscriber = subscriber;
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
        this.values = values;
        this.random = new Random(seed);
    }

    int number() {
        return number;
    }

    void stop() {
        stopping = true;
    }

    /** Leaves its group, and comes back. */
    void leave() {
        leaving = true;
    }

    /** What it did; once it has ended. */
    List<Transaction> transactions() {
        return transactions;
    }

    @Override
    public void run() {
        while (!stopping) {
            leaving = false;
            repositioned = true;
            try (KafkaProducer<Integer, Integer> producer = producer();
                    KafkaConsumer<Integer, Integer> consumer = consumer()) {
                producer.initTransactions();
                join(consumer);
                while (!stopping && !leaving) {
                    transact(producer, consumer);
                }
            } catch (KafkaException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private void join(KafkaConsumer<Integer, Integer> consumer) {
        if (subscriber) {
            consumer.subscribe(
                    List.of(topic),
                    new ConsumerRebalanceListener() {
                        @Override
                        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                            repositioned = true;
                        }

                        @Override
                        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
                            repositioned = true;
                        }
                    });
        } else {
            List<TopicPartition> all =
                    IntStream.range(0, partitions)
                            .mapToObj(partition -> new TopicPartition(topic, partition))
                            .toList();
            consumer.assign(all);
            // Near the end, so that what is read is what is written now.
            consumer.endOffsets(all)
                    .forEach((partition, end) ->
                            consumer.seek(partition, Math.max(0, end - random.nextInt(50))));
        }
    }

    /**
     * One transaction. An error before the commit was asked for: it is aborted, whatever becomes of
     * the abort. An error of the commit: nobody knows.
     */
    private void transact(
            KafkaProducer<Integer, Integer> producer, KafkaConsumer<Integer, Integer> consumer) {
        steps = new ArrayList<>();
        List<Sent> sent = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        Outcome outcome = Outcome.ABORTED;
        boolean reassigned = false;
        try {
            producer.beginTransaction();
            for (int count = 1 + random.nextInt(STEPS_MAX); count > 0; count--) {
                if (random.nextBoolean()) {
                    send(producer, sent);
                } else {
                    boolean polledBefore = !positions.isEmpty();
                    boolean anew = poll(consumer, positions);
                    // What it polled may be somebody else's now: as any program has to, it aborts.
                    reassigned |= anew && polledBefore;
                }
            }
            if (subscriber && !positions.isEmpty() && !reassigned) {
                producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
            }
            if (random.nextInt(10) == 0 || (subscriber && reassigned)) {
                producer.flush();
                producer.abortTransaction();
                goBack(consumer);
            } else {
                outcome = Outcome.UNKNOWN;
                producer.commitTransaction();
                outcome = Outcome.COMMITTED;
            }
        } finally {
            write(outcome, sent);
        }
    }

    private void send(KafkaProducer<Integer, Integer> producer, List<Sent> sent) {
        int partition = random.nextInt(partitions);
        int value = values.getAndIncrement();
        sent.add(
                new Sent(
                        partition,
                        value,
                        producer.send(new ProducerRecord<>(topic, partition, 0, value))));
    }

    /** Polls; says whether the client got other partitions, or another position. */
    private boolean poll(
            KafkaConsumer<Integer, Integer> consumer,
            Map<TopicPartition, OffsetAndMetadata> positions) {
        List<Seen> seen = new ArrayList<>();
        var records = consumer.poll(POLL);
        boolean anew = repositioned;
        repositioned = false;
        for (ConsumerRecord<Integer, Integer> record : records) {
            seen.add(new Seen(record.partition(), record.offset(), record.value()));
            positions.put(
                    new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1));
        }
        steps.add(new Poll(anew, seen));
        return anew;
    }

    /** What was polled in an aborted transaction is polled again. */
    private void goBack(KafkaConsumer<Integer, Integer> consumer) {
        if (!subscriber) {
            return;
        }
        repositioned = true;
        consumer.committed(consumer.assignment())
                .forEach((partition, committed) -> {
                    if (committed == null) {
                        consumer.seekToBeginning(List.of(partition));
                    } else {
                        consumer.seek(partition, committed.offset());
                    }
                });
    }

    private void write(Outcome outcome, List<Sent> sent) {
        for (Sent each : sent) {
            steps.add(new Send(each.partition(), each.value(), offset(each.answer())));
        }
        transactions.add(new Transaction(number, outcome, steps));
    }

    private static OptionalLong offset(Future<RecordMetadata> answer) {
        if (!answer.isDone()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(answer.get().offset());
        } catch (ExecutionException e) {
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private KafkaProducer<Integer, Integer> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "transactional.id", "client-" + number,
                        "transaction.timeout.ms", "6000",
                        "request.timeout.ms", "3000",
                        "delivery.timeout.ms", "6000",
                        "max.block.ms", "8000",
                        "linger.ms", "0"),
                new IntegerSerializer(),
                new IntegerSerializer());
    }

    private KafkaConsumer<Integer, Integer> consumer() {
        Map<String, Object> config =
                new HashMap<>(
                        Map.of(
                                "bootstrap.servers", bootstrap,
                                "isolation.level", "read_committed",
                                "enable.auto.commit", "false",
                                "auto.offset.reset", "earliest",
                                "max.poll.records", "50",
                                "request.timeout.ms", "3000",
                                "default.api.timeout.ms", "8000"));
        if (subscriber) {
            config.put("group.id", "subscribers");
            config.put("session.timeout.ms", "2000");
            config.put("heartbeat.interval.ms", "500");
        }
        return new KafkaConsumer<>(config, new IntegerDeserializer(), new IntegerDeserializer());
    }
}
