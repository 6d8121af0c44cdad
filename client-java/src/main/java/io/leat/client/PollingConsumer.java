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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** {@link Consumer} over an {@link Assignment} that the {@link Fetcher} fills in the background. */
final class PollingConsumer<K, V> implements Consumer<K, V> {
    /** What there is of a consumer with a group id. */
    private record Group(GroupOffsets offsets, Commits commits, GroupSubscription subscription) {}

    /** How long a consumer that closes waits for its coordinator. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final ConsumerOptions options;
    private final Deserializer<K> keyDeserializer;
    private final Deserializer<V> valueDeserializer;
    private final Assignment assignment = new Assignment();
    private final Optional<Group> group;
    private final Fetcher fetcher;
    private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();
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
        this.group = options.groupId().map(this::group);
        this.fetcher = new Fetcher(cluster, options, assignment, group.map(Group::offsets));
    }

    private Group group(String groupId) {
        GroupCoordinator coordinator = new GroupCoordinator(cluster, groupId);
        GroupMember member = new GroupMember(cluster, options, coordinator);
        GroupOffsets offsets = new GroupOffsets(coordinator);
        Commits commits = new Commits(cluster, options, assignment, offsets, member::author);
        return new Group(
                offsets,
                commits,
                new GroupSubscription(cluster, options, assignment, member, commits));
    }

    @Override
    public void subscribe(Collection<String> topics) {
        subscribe(topics, RebalanceListener.NONE);
    }

    @Override
    public void subscribe(Collection<String> topics, RebalanceListener listener) {
        run(() -> {
            GroupSubscription subscription = requireGroup().subscription();
            Check.that(!topics.isEmpty(), "subscribe to at least one topic, or call unsubscribe");
            if (!subscription.isActive() && !assignment.ids().isEmpty()) {
                throw new IllegalStateException(
                        "partitions are assigned by hand; call unsubscribe before subscribe");
            }
            subscription.subscribe(topics, listener);
        });
    }

    @Override
    public Set<String> subscription() {
        return exclusively(
                () -> group.map(known -> known.subscription().topics()).orElse(Set.of()));
    }

    @Override
    public void unsubscribe() {
        run(() -> {
            leaveGroup(Deadline.after(CLOSE_PATIENCE));
            assignment.set(Set.of());
        });
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        run(() -> {
            if (isSubscribed()) {
                throw new IllegalStateException(
                        "the group assigns the partitions; call unsubscribe before assign");
            }
            List<String> topics =
                    partitions.stream().map(TopicPartition::topic).distinct().toList();
            cluster.loop().execute(() -> cluster.trackOnly(topics));
            assignment.set(partitions);
        });
    }

    private boolean isSubscribed() {
        return group.filter(known -> known.subscription().isActive()).isPresent();
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
        while (true) {
            group.ifPresent(known -> known.commits().autoCommitIfDue());
            group.ifPresent(known -> known.subscription().process());
            fetcher.wake();
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
            assignment.await(this::hasNews, deadline.orSooner(roundMax()));
        }
    }

    /** Who waits in poll for long is alive, and commits when it is time. */
    private Duration roundMax() {
        Duration alive = options.maxPollInterval().dividedBy(3);
        return options.autoCommitInterval()
                .filter(interval -> interval.compareTo(alive) < 0)
                .orElse(alive);
    }

    private boolean hasNews() {
        return assignment.hasFailure()
                || group.filter(known -> known.subscription().hasNews()).isPresent();
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
        run(() -> requireGroup().commits().commit(assignment.positions()));
    }

    @Override
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        run(() -> requireGroup().commits().commit(offsets));
    }

    @Override
    public CompletableFuture<Void> commitAsync() {
        return exclusively(() -> commitInBackground(assignment.positions()));
    }

    @Override
    public CompletableFuture<Void> commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return exclusively(() -> commitInBackground(offsets));
    }

    private CompletableFuture<Void> commitInBackground(
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        return requireGroup().commits().start(offsets, options.connection().operationTimeout());
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
        return exclusively(() -> requireGroup().commits().fetch(partitions));
    }

    private Group requireGroup() {
        return group.orElseThrow(() ->
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
        close(CLOSE_PATIENCE);
    }

    @Override
    public void close(Duration timeout) {
        if (closed.get()) {
            return;
        }
        Deadline deadline = Deadline.after(timeout);
        try {
            run(() -> {
                if (isSubscribed()) {
                    leaveGroup(deadline);
                } else {
                    group.ifPresent(known -> known.commits().autoCommitNow());
                }
            });
        } finally {
            closed.set(true);
            cluster.close();
        }
    }

    private void leaveGroup(Deadline deadline) {
        if (isSubscribed()) {
            CompletableFuture<Void> left = requireGroup().subscription().leave();
            try {
                Blocking.await(cluster.loop(), left, deadline, "leave the group");
            } catch (ClientTimeoutException | ClientInterruptedException e) {
                // The group finds out by itself, when heartbeats stay away.
            }
        }
    }

    private <T> T call(String what, Function<Deadline, CompletableFuture<T>> operation) {
        Deadline deadline = Deadline.after(options.connection().operationTimeout());
        return Blocking.call(cluster.loop(), deadline, what, () -> operation.apply(deadline));
    }

    private void run(Runnable action) {
        boolean outermost = enter();
        try {
            action.run();
        } finally {
            exit(outermost);
        }
    }

    private <T> T exclusively(Supplier<T> action) {
        boolean outermost = enter();
        try {
            return action.get();
        } finally {
            exit(outermost);
        }
    }

    /**
     * Makes the consumer this thread's; says whether it was nobody's before: listeners call the
     * consumer that calls them.
     */
    private boolean enter() {
        if (closed.get()) {
            throw new IllegalStateException("the consumer is closed");
        }
        Thread me = Thread.currentThread();
        if (user.get() == me) {
            return false;
        }
        if (!user.compareAndSet(null, me)) {
            throw new IllegalStateException(
                    "a consumer is for one thread at a time; use one for each thread");
        }
        return true;
    }

    private void exit(boolean outermost) {
        if (outermost) {
            user.set(null);
        }
    }
}
