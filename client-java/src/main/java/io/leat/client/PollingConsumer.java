package io.leat.client;

import io.leat.wire.record.InvalidBatchException;
import io.leat.wire.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** {@link Consumer} over an {@link Assignment} that the {@link Fetcher} fills in the background. */
final class PollingConsumer<K, V> implements Consumer<K, V> {
    private final Cluster cluster;
    private final ConsumerOptions options;
    private final Deserializer<K> keyDeserializer;
    private final Deserializer<V> valueDeserializer;
    private final Assignment assignment = new Assignment();
    private final Optional<GroupOffsets> groupOffsets;
    private final Fetcher fetcher;
    private final AtomicInteger users = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    PollingConsumer(
            Cluster cluster,
            ConsumerOptions options,
            Deserializer<K> keyDeserializer,
            Deserializer<V> valueDeserializer) {
        this.cluster = cluster;
        this.options = options;
        this.keyDeserializer = keyDeserializer;
        this.valueDeserializer = valueDeserializer;
        this.groupOffsets =
                options.groupId().map(id -> new GroupOffsets(new GroupCoordinator(cluster, id)));
        this.fetcher = new Fetcher(cluster, options, assignment, groupOffsets);
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        run(() -> {
            List<String> topics =
                    partitions.stream().map(TopicPartition::topic).distinct().toList();
            cluster.loop().execute(() -> cluster.trackOnly(topics));
            assignment.set(partitions);
        });
    }

    @Override
    public Set<TopicPartition> assignment() {
        return exclusively(assignment::ids);
    }

    @Override
    public List<ConsumerRecord<K, V>> poll(Duration timeout) {
        return exclusively(() -> pollUntil(Deadline.after(timeout)));
    }

    private List<ConsumerRecord<K, V>> pollUntil(Deadline deadline) {
        cluster.refreshIfStale();
        fetcher.wake();
        while (true) {
            assignment.throwFailure();
            List<ConsumerRecord<K, V>> records = take();
            boolean woken = assignment.takeWakeup();
            if (!records.isEmpty()) {
                // There is room now for more.
                fetcher.wake();
                return records;
            }
            if (woken || deadline.isOver()) {
                return List.of();
            }
            assignment.await(Assignment::hasFailure, deadline);
        }
    }

    /** Decodes what is there, up to the most that one call returns. */
    private List<ConsumerRecord<K, V>> take() {
        List<ConsumerRecord<K, V>> records = new ArrayList<>();
        FetchedChunk chunk = assignment.peek();
        while (chunk != null && records.size() < options.pollRecordsMax()) {
            try {
                boolean more = read(chunk, records);
                assignment.advance(chunk, chunk.position());
                if (!more) {
                    assignment.finish(chunk);
                }
            } catch (RecordDeserializationException e) {
                assignment.advance(chunk, chunk.position());
                assignment.abandon(chunk);
                if (records.isEmpty()) {
                    throw e;
                }
                // What could be read goes first; the next call comes to the same place again.
                return records;
            }
            chunk = assignment.peek();
        }
        return records;
    }

    /** Reads on in a chunk; says whether it may have more. */
    private boolean read(FetchedChunk chunk, List<ConsumerRecord<K, V>> records) {
        while (records.size() < options.pollRecordsMax()) {
            Record record;
            try {
                record = chunk.next();
            } catch (InvalidBatchException e) {
                throw new RecordDeserializationException(
                        chunk.partition(), chunk.position(), chunk.batchEnd(), "the batch", e);
            }
            if (record == null) {
                return false;
            }
            records.add(deserialize(chunk, record));
            chunk.passed(record);
        }
        return true;
    }

    private ConsumerRecord<K, V> deserialize(FetchedChunk chunk, Record record) {
        TopicPartition partition = chunk.partition();
        String part = "the key";
        try {
            K key =
                    record.key() == null
                            ? null
                            : keyDeserializer.deserialize(partition.topic(), record.key());
            part = "the value";
            V value =
                    record.value() == null
                            ? null
                            : valueDeserializer.deserialize(partition.topic(), record.value());
            return new ConsumerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    record.offset(),
                    record.timestampMillis(),
                    chunk.timestampType(),
                    key,
                    value,
                    record.headers());
        } catch (RuntimeException e) {
            throw new RecordDeserializationException(
                    partition, record.offset(), record.offset() + 1, part, e);
        }
    }

    @Override
    public void wakeup() {
        assignment.wakeup();
    }

    @Override
    public void commit() {
        commit(exclusively(assignment::positions));
    }

    @Override
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        run(() -> {
            GroupOffsets group = group();
            if (!offsets.isEmpty()) {
                retrying(
                        "commit offsets",
                        () -> group.commit(GroupOffsets.Author.OUTSIDER, offsets));
            }
        });
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
        return exclusively(() -> {
            GroupOffsets group = group();
            return retrying("read committed offsets", () -> group.fetch(partitions));
        });
    }

    private GroupOffsets group() {
        return groupOffsets.orElseThrow(() ->
                new IllegalStateException("the consumer has no group; set groupId in its options"));
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        Check.atLeast("offset", 0, offset);
        run(() -> {
            assignment.seek(partition, offset);
        });
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        reset(partitions, OffsetReset.EARLIEST);
    }

    @Override
    public void seekToEnd(Collection<TopicPartition> partitions) {
        reset(partitions, OffsetReset.LATEST);
    }

    private void reset(Collection<TopicPartition> partitions, OffsetReset where) {
        run(() -> {
            partitions.forEach(partition -> assignment.reset(partition, where));
        });
    }

    @Override
    public long position(TopicPartition partition) {
        return exclusively(() -> {
            Deadline deadline = Deadline.after(options.connection().operationTimeout());
            while (assignment.position(partition) == AssignedPartition.UNKNOWN) {
                assignment.throwFailure();
                if (deadline.isOver()) {
                    throw Failures.timedOut(
                            "find the position in " + Requests.subject(partition), deadline, null);
                }
                fetcher.wake();
                assignment.awaitPosition(partition, deadline);
            }
            return assignment.position(partition);
        });
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        run(() -> {
            partitions.forEach(assignment::pause);
        });
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        run(() -> {
            partitions.forEach(assignment::resume);
            fetcher.wake();
        });
    }

    @Override
    public Set<TopicPartition> paused() {
        return exclusively(assignment::paused);
    }

    @Override
    public List<TopicPartition> partitions(String topic) {
        TopicAdmin topics = new TopicAdmin(cluster);
        int count =
                exclusively(() ->
                                call(
                                        "look up " + Requests.subject(topic),
                                        deadline -> topics.describe(List.of(topic), deadline)))
                        .get(0)
                        .partitions()
                        .size();
        return IntStream.range(0, count)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.EARLIEST);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.LATEST);
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        partitions.forEach(partition -> specs.put(partition, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        offsets(specs).forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> timestampMillis) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        timestampMillis.forEach(
                (partition, millis) -> specs.put(partition, OffsetSpec.atTimestampMillis(millis)));
        return offsets(specs);
    }

    private Map<TopicPartition, OffsetAndTimestamp> offsets(Map<TopicPartition, OffsetSpec> specs) {
        PartitionOffsets lookUp = new PartitionOffsets(cluster, options.isolation());
        return exclusively(() -> call("look up offsets", deadline -> lookUp.list(specs, deadline)));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            cluster.close();
        }
    }

    /** One operation that is tried until it succeeds or fails for good. */
    private <T> T retrying(String what, Supplier<CompletableFuture<T>> attempt) {
        return call(what, deadline -> Retry.until(cluster, deadline, what, attempt));
    }

    private <T> T call(String what, Function<Deadline, CompletableFuture<T>> operation) {
        Deadline deadline = Deadline.after(options.connection().operationTimeout());
        return Blocking.call(cluster.loop(), deadline, what, () -> operation.apply(deadline));
    }

    private void run(Runnable action) {
        enter();
        try {
            action.run();
        } finally {
            users.set(0);
        }
    }

    private <T> T exclusively(Supplier<T> action) {
        enter();
        try {
            return action.get();
        } finally {
            users.set(0);
        }
    }

    private void enter() {
        if (closed.get()) {
            throw new IllegalStateException("the consumer is closed");
        }
        if (!users.compareAndSet(0, 1)) {
            throw new IllegalStateException(
                    "a consumer is for one thread at a time; use one for each thread");
        }
    }
}
