package io.leat.broker.transaction;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.Contexts;
import io.leat.broker.api.TransactionGate;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.Answer;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.ManualTime;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.group.Groups;
import io.leat.broker.group.PartitionLag;
import io.leat.broker.group.assign.TopicImage;
import io.leat.broker.group.assign.Topics;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.settings.GroupConfigs;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.TxnOffsetCommitRequest;
import io.leat.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.leat.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.leat.wire.message.TxnOffsetCommitResponse;
import io.leat.wire.record.TransactionMarker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Producers and their zombies, before a coordinator, groups and logs that crash, with lost, late
 * and repeated messages and disks that fail, all drawn from one seed, in virtual time.
 *
 * <p>Checked after every step: no producer's epoch goes back, committed offsets come from committed
 * transactions only, and no transaction is committed in one place and aborted in another. Checked
 * with each answer to an end: every participant knows it. Checked in the end: nothing is open.
 */
final class TransactionSimulation {
    static final int TIMEOUT = 4000;
    private static final String GROUP = "the-group";

    private final long seed;
    final Random random;
    private final ManualTime time = new ManualTime();
    private final MemoryStateStore store = new MemoryStateStore();
    private final SimulatedLogs logs;
    private final List<SimulatedProducer> producers = new ArrayList<>();
    private final List<Runnable> delayed = new ArrayList<>();
    private final List<Supplier<Answer<?>>> late = new ArrayList<>();
    private final Map<String, Identity> newest = new HashMap<>();
    private final Map<Integer, End> ends = new HashMap<>();
    private final Set<Integer> committedTags = new HashSet<>();
    private CoordinatorLoop loop;
    private Transactions transactions;
    private Groups groups;
    private ApiRegistry registry;
    private long nextId = 1000;
    private int nextTag;
    private long lastCommitted = -1;
    int life;
    boolean faults = true;
    int commits;
    int aborts;
    int crashes;

    /** What a producer asked for at the end of a transaction. */
    private record End(Set<Integer> written, boolean offset, boolean commit) {}

    TransactionSimulation(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.logs = new SimulatedLogs(random);
        start();
        for (int i = 0; i < 2 + random.nextInt(3); i++) {
            producers.add(new SimulatedProducer(this, "tx-" + i));
        }
    }

    private void start() {
        life++;
        loop = new CoordinatorLoop(store, time, Long.MAX_VALUE);
        registry = new ApiRegistry();
        groups =
                new Groups(
                        loop,
                        GroupConfig.DEFAULT,
                        new GroupConfigs(BrokerConfig.defaults(), store),
                        new OneTopic(),
                        time,
                        new SimpleMeterRegistry());
        delayed.clear();
        transactions =
                new Transactions(
                        loop,
                        TransactionConfig.DEFAULT,
                        new Told(),
                        delayed::add,
                        time,
                        new SimpleMeterRegistry());
        groups.registerTransactional(registry, transactions);
    }

    private final class Told implements Witnesses {
        @Override
        public CompletionStage<ErrorCode> mark(Place place, TransactionMarker marker) {
            return logs.mark(place, marker)
                    .thenApply(error ->
                            error == ErrorCode.INVALID_PRODUCER_EPOCH ? ErrorCode.NONE : error);
        }

        @Override
        public CompletionStage<ErrorCode> endOffsets(
                String groupId, long producerId, boolean committed) {
            return groups.endTransaction(groupId, producerId, committed);
        }
    }

    private static final class OneTopic implements Topics {
        private static final TopicInfo INFO = new TopicInfo(SimulatedLogs.TOPIC, "topic", 4);

        @Override
        public Optional<TopicInfo> find(String name) {
            return Optional.of(INFO);
        }

        @Override
        public Optional<TopicInfo> find(UUID id) {
            return Optional.of(INFO);
        }

        @Override
        public TopicImage image() {
            return new TopicImage(0, List.of(INFO));
        }

        @Override
        public OptionalLong highWatermark(UUID topicId, int partition) {
            return OptionalLong.of(Long.MAX_VALUE);
        }
    }

    long nowMillis() {
        return time.wallMillis();
    }

    /** Repeats a request some time later; nobody waits for its answer. */
    void later(Supplier<Answer<?>> request) {
        late.add(request);
    }

    int newTag() {
        return nextTag++;
    }

    Answer<InitOutcome> init(String id, Optional<Identity> expected) {
        OptionalLong fresh = OptionalLong.of(nextId++);
        return new Answer<>(
                transactions.<InitOutcome>ask(
                        id,
                        to -> new TransactionCommand.Init(expected, TIMEOUT, fresh, to),
                        InitOutcome.Refused::new));
    }

    Answer<ErrorCode> add(String id, Identity producer, Place place) {
        return new Answer<>(
                transactions.add(id, producer, new Participants(Set.of(place), Set.of())));
    }

    Answer<ErrorCode> addGroup(String id, Identity producer) {
        return new Answer<>(transactions.add(id, producer, Participants.group(GROUP)));
    }

    Answer<ErrorCode> produce(
            String id, Identity producer, int partition, int tag, boolean implicitly) {
        return new Answer<>(
                transactions
                        .gate()
                        .pass(
                                new TransactionGate.Entrant(
                                        id,
                                        producer.producerId(),
                                        producer.epoch(),
                                        SimulatedLogs.TOPIC,
                                        "topic",
                                        partition,
                                        (short) (implicitly ? 12 : 11)),
                                () ->
                                        logs.write(
                                                partition,
                                                producer.producerId(),
                                                producer.epoch(),
                                                tag),
                                error -> error));
    }

    @SuppressWarnings("unchecked") // the registry pairs requests with their responses
    Answer<ErrorCode> commitOffset(String id, Identity producer, int tag, boolean implicitly) {
        ApiRegistry.Api<TxnOffsetCommitRequest, TxnOffsetCommitResponse> api =
                (ApiRegistry.Api<TxnOffsetCommitRequest, TxnOffsetCommitResponse>)
                        registry.find(ApiKey.TXN_OFFSET_COMMIT.id()).orElseThrow();
        TxnOffsetCommitRequest request =
                new TxnOffsetCommitRequest(
                        id,
                        GROUP,
                        producer.producerId(),
                        producer.epoch(),
                        -1,
                        "",
                        null,
                        List.of(
                                new TxnOffsetCommitRequestTopic(
                                        "topic",
                                        SimulatedLogs.TOPIC,
                                        List.of(
                                                new TxnOffsetCommitRequestPartition(
                                                        0, tag, -1, "")))));
        return new Answer<>(
                api.handler()
                        .handle(Contexts.of(implicitly ? 5 : 4), request)
                        .thenApply(response ->
                                ErrorCode.of(
                                        response.topics()
                                                .getFirst()
                                                .partitions()
                                                .getFirst()
                                                .errorCode())));
    }

    Answer<EndOutcome> end(String id, Identity producer, boolean commit, boolean perTransaction) {
        OptionalLong fresh = OptionalLong.of(nextId++);
        return new Answer<>(
                transactions.<EndOutcome>ask(
                        id,
                        to ->
                                new TransactionCommand.End(
                                        producer, commit, perTransaction, fresh, to),
                        EndOutcome.Refused::new));
    }

    /** A producer begins to ask for the end of its transaction. */
    void ending(int tag, String id, Set<Integer> written, boolean offset, boolean commit) {
        ends.put(tag, new End(written, offset, commit));
    }

    /** The end was answered: it must be everywhere, now and for ever. */
    void ended(int tag, boolean commit) {
        End end = ends.get(tag);
        for (int partition : end.written()) {
            require(
                    Optional.of(commit).equals(Optional.ofNullable(outcome(partition, tag))),
                    "transaction %d was answered, and partition %d says %s"
                            .formatted(tag, partition, outcome(partition, tag)));
        }
        if (commit) {
            commits++;
            committedTags.add(tag);
            require(
                    !end.offset() || committedOffset() >= 0,
                    "transaction " + tag + " has lost its offset");
        } else {
            aborts++;
        }
    }

    private Boolean outcome(int partition, int tag) {
        return logs.ended(partition).get(tag);
    }

    private long committedOffset() {
        return groups.lag(GROUP).stream().mapToLong(PartitionLag::committed).findFirst().orElse(-1);
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            step();
            check();
        }
        faults = false;
        for (int step = 0; step < 400; step++) {
            step();
        }
        // Whoever is in the middle of a transaction stops; time does the rest.
        producers.clear();
        late.clear();
        for (int i = 0; i < 400; i++) {
            step();
        }
        check();
        checkNothingIsOpen();
    }

    private void step() {
        time.advance(1 + random.nextInt(40));
        for (SimulatedProducer producer : List.copyOf(producers)) {
            producer.act();
            if (producer.dead()) {
                producers.remove(producer);
                producers.add(new SimulatedProducer(this, producer.id));
            } else if (faults && random.nextInt(120) == 0) {
                // Another instance, while this one goes on.
                producers.add(new SimulatedProducer(this, producer.id));
            }
        }
        if (!late.isEmpty() && random.nextInt(3) == 0) {
            var _ = late.remove(random.nextInt(late.size())).get();
        }
        if (faults && random.nextInt(200) == 0) {
            store.failWrites(1 + random.nextInt(3));
        }
        if (!faults || random.nextInt(3) > 0) {
            loop.turn();
        }
        for (int partition = 0; partition < SimulatedLogs.COUNT; partition++) {
            if (!faults || random.nextInt(2) == 0) {
                logs.force(partition, faults && random.nextInt(40) == 0);
            }
        }
        if (random.nextInt(10) == 0) {
            List<Runnable> due = List.copyOf(delayed);
            delayed.clear();
            due.forEach(Runnable::run);
        }
        if (faults && random.nextInt(150) == 0) {
            crashes++;
            logs.crash();
            start();
        }
    }

    private void check() {
        transactions.forEach((id, producer) -> {
            Identity now = new Identity(producer.id(), producer.epoch());
            Identity before = newest.put(id, now);
            require(
                    before == null
                            || now.producerId() > before.producerId()
                            || (now.producerId() == before.producerId()
                                    && now.epoch() >= before.epoch()),
                    id + " went back from " + before + " to " + now);
        });
        Map<Integer, Boolean> all = new HashMap<>();
        for (int partition = 0; partition < SimulatedLogs.COUNT; partition++) {
            int number = partition;
            logs.ended(partition)
                    .forEach((tag, committed) -> {
                        Boolean other = all.put(tag, committed);
                        require(
                                other == null || other.equals(committed),
                                "transaction %d is torn: partition %d says %s"
                                        .formatted(tag, number, committed));
                    });
        }
        long committed = committedOffset();
        if (committed != lastCommitted) {
            End end = ends.get((int) committed);
            require(
                    end != null && end.commit() && end.offset(),
                    "offset " + committed + " was committed without its transaction");
            require(
                    !Boolean.FALSE.equals(all.get((int) committed)),
                    "offset " + committed + " was committed, its transaction aborted");
            lastCommitted = committed;
        }
        for (int tag : committedTags) {
            for (int partition : ends.get(tag).written()) {
                require(
                        Boolean.TRUE.equals(outcome(partition, tag)),
                        "transaction %d is not committed any more in partition %d"
                                .formatted(tag, partition));
            }
        }
    }

    private void checkNothingIsOpen() {
        require(transactions.openCount() == 0, "a transaction did not end");
        for (int partition = 0; partition < SimulatedLogs.COUNT; partition++) {
            Set<Long> open = logs.open(partition);
            require(open.isEmpty(), "partition " + partition + " has open: " + open);
        }
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(
                    "seed "
                            + seed
                            + ": "
                            + message
                            + "; repeat with -Dleat.simulation.seed="
                            + seed);
        }
    }
}
