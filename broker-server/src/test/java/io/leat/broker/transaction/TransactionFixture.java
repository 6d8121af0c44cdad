package io.leat.broker.transaction;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.ManualTime;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.record.TransactionMarker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One transactional id under the real loop, with a clock and witnesses of our own. No threads. */
final class TransactionFixture {
    static final String ID = "the-id";
    static final int TIMEOUT = 10_000;
    static final Place PLACE = new Place(new UUID(1, 2), "topic", 3);

    /** What a witness was told. */
    record Told(String whom, long producerId, int epoch, boolean committed) {}

    final ManualTime time = new ManualTime();
    final MemoryStateStore store = new MemoryStateStore();
    final List<Told> told = new ArrayList<>();
    final List<Runnable> later = new ArrayList<>();
    CompletableFuture<ErrorCode> witness = CompletableFuture.completedFuture(ErrorCode.NONE);
    private long freshId = 100;
    private CoordinatorLoop loop;
    Transactions transactions;

    TransactionFixture() {
        start();
    }

    private void start() {
        loop = new CoordinatorLoop(store, time, Long.MAX_VALUE);
        transactions =
                new Transactions(
                        loop,
                        TransactionConfig.DEFAULT,
                        new Witnesses() {
                            @Override
                            public CompletionStage<ErrorCode> mark(
                                    Place place, TransactionMarker marker) {
                                told.add(
                                        new Told(
                                                place.toString(),
                                                marker.producerId(),
                                                marker.producerEpoch(),
                                                marker.committed()));
                                return witness;
                            }

                            @Override
                            public CompletionStage<ErrorCode> endOffsets(
                                    String groupId, long producerId, boolean committed) {
                                told.add(new Told(groupId, producerId, -1, committed));
                                return witness;
                            }
                        },
                        later::add,
                        time,
                        new SimpleMeterRegistry());
    }

    /** Loses all that is not in the store. */
    void crash() {
        told.clear();
        start();
    }

    /** Lets the loop take turns until it has nothing to do. */
    void settle() {
        while (loop.turn()) {
            // more may have come of it
        }
    }

    void advance(long millis) {
        time.advance(millis);
        settle();
    }

    TransactionalProducer producer() {
        return transactions.find(ID).orElseThrow();
    }

    Answer<InitOutcome> init(Optional<Identity> expected, OptionalLong fresh) {
        Answer<InitOutcome> answer =
                new Answer<>(
                        transactions.<InitOutcome>ask(
                                ID,
                                to -> new TransactionCommand.Init(expected, TIMEOUT, fresh, to),
                                InitOutcome.Refused::new));
        settle();
        return answer;
    }

    /** Begins or goes on, with a producer id in hand. */
    Identity init() {
        InitOutcome outcome = init(Optional.empty(), OptionalLong.of(freshId++)).join();
        InitOutcome.Ready ready = (InitOutcome.Ready) outcome;
        return new Identity(ready.producerId(), ready.epoch());
    }

    Answer<ErrorCode> adding(Identity producer, Participants participants) {
        return new Answer<>(transactions.add(ID, producer, participants));
    }

    ErrorCode add(Identity producer) {
        Answer<ErrorCode> answer = adding(producer, new Participants(Set.of(PLACE), Set.of()));
        settle();
        return answer.join();
    }

    ErrorCode addGroup(Identity producer) {
        Answer<ErrorCode> answer = adding(producer, Participants.group("group"));
        settle();
        return answer.join();
    }

    /** The end of transaction version 2, or of 1. */
    Answer<EndOutcome> ending(Identity producer, boolean commit, boolean newest, long fresh) {
        return new Answer<>(
                transactions.<EndOutcome>ask(
                        ID,
                        to ->
                                new TransactionCommand.End(
                                        producer,
                                        commit,
                                        newest,
                                        fresh < 0 ? OptionalLong.empty() : OptionalLong.of(fresh),
                                        to),
                        EndOutcome.Refused::new));
    }

    EndOutcome end(Identity producer, boolean commit, boolean newest) {
        Answer<EndOutcome> answer = ending(producer, commit, newest, -1);
        settle();
        return answer.join();
    }

    /** Puts a producer with this epoch where the coordinator finds it. */
    void producerWith(long id, short epoch, Phase phase) {
        store.write(
                List.of(
                        TransactionFormat.put(
                                ID,
                                new TransactionalProducer(
                                        id,
                                        epoch,
                                        -1,
                                        (short) -1,
                                        TIMEOUT,
                                        phase,
                                        time.wallMillis()))),
                true);
        crash();
    }
}
