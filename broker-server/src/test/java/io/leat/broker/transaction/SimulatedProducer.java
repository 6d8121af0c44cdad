package io.leat.broker.transaction;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.wire.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of one transactional id: does one thing after the other, asks again when an answer does
 * not come, and gives up where a client has to.
 */
final class SimulatedProducer {
    private final TransactionSimulation sim;
    private final Random random;
    final String id;
    private final boolean newest;
    private Optional<Identity> me = Optional.empty();
    private boolean dead;
    private long sleepsUntilMillis;

    // The transaction.
    private boolean open;
    private boolean mustAbort;
    private int tag = -1;
    private final Queue<Integer> toWrite = new ArrayDeque<>();
    private final Set<Integer> added = new HashSet<>();
    final Set<Integer> written = new HashSet<>();
    private boolean toCommitOffset;
    private boolean groupAdded;
    private boolean offsetSent;

    // What was asked and not answered yet.
    private @Nullable Supplier<Answer<?>> request;
    private @Nullable Answer<?> answer;
    private @Nullable Consumer<Object> then;
    private long askedMillis;
    private int askedLife;

    SimulatedProducer(TransactionSimulation sim, String id) {
        this.sim = sim;
        this.random = sim.random;
        this.id = id;
        this.newest = random.nextInt(3) > 0;
    }

    boolean dead() {
        return dead;
    }

    private void die() {
        dead = true;
        request = null;
    }

    void act() {
        if (dead || sim.nowMillis() < sleepsUntilMillis) {
            return;
        }
        if (sim.faults && random.nextInt(60) == 0) {
            sleepsUntilMillis = sim.nowMillis() + random.nextInt(15_000);
            return;
        }
        if (request == null) {
            next();
        } else {
            settle();
        }
    }

    private void settle() {
        Answer<?> got = answer;
        boolean lost = askedLife != sim.life || (sim.faults && random.nextInt(12) == 0);
        if (got != null && got.isDone() && !lost) {
            Consumer<Object> handler = then;
            request = null;
            if (handler != null) {
                handler.accept(got.join());
            }
        } else if (lost || sim.nowMillis() - askedMillis > 1000) {
            ask();
        }
    }

    private void ask() {
        Supplier<Answer<?>> asked = request;
        if (asked != null) {
            answer = asked.get();
            askedMillis = sim.nowMillis();
            askedLife = sim.life;
            if (sim.faults && random.nextInt(20) == 0) {
                answer = asked.get(); // the network says it twice
            }
            if (sim.faults && newest && random.nextInt(10) == 0) {
                // ... or once more when it is over. Before transaction version 2 nothing but luck
                // keeps what comes so late out of the next transaction.
                sim.later(asked);
            }
        }
    }

    @SuppressWarnings("unchecked") // the handler takes what the request gives
    private <R> void ask(Supplier<Answer<R>> what, Consumer<R> handler) {
        request = what::get;
        then = result -> handler.accept((R) result);
        ask();
    }

    private void next() {
        if (me.isEmpty()) {
            init(Optional.empty());
        } else if (!open) {
            begin();
        } else if (!toWrite.isEmpty() && !mustAbort) {
            write(toWrite.element());
        } else if (toCommitOffset && !mustAbort) {
            commitOffset();
        } else {
            end(!mustAbort && random.nextInt(4) > 0);
        }
    }

    private void init(Optional<Identity> expected) {
        ask(
                () -> sim.init(id, expected),
                outcome -> {
                    switch (outcome) {
                        case InitOutcome.Ready(long producerId, short epoch) -> {
                            me = Optional.of(new Identity(producerId, epoch));
                            open = false;
                        }
                        case InitOutcome.NeedsProducerId needs -> throw new AssertionError(needs);
                        case InitOutcome.Refused(ErrorCode error) -> failed(error);
                    }
                });
    }

    /** Errors that say "again" leave all as it is; others end it. */
    private void failed(ErrorCode error) {
        switch (error) {
            case CONCURRENT_TRANSACTIONS,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR,
                    NOT_ENOUGH_REPLICAS,
                    KAFKA_STORAGE_ERROR -> {}
            case TRANSACTION_ABORTABLE -> mustAbort = true;
            case PRODUCER_FENCED,
                    INVALID_PRODUCER_EPOCH,
                    INVALID_PRODUCER_ID_MAPPING,
                    INVALID_TXN_STATE ->
                    die();
            default -> throw new AssertionError("a client does not know " + error);
        }
    }

    private void begin() {
        open = true;
        mustAbort = false;
        tag = sim.newTag();
        toWrite.clear();
        added.clear();
        written.clear();
        List<Integer> partitions = new ArrayList<>();
        for (int p = 0; p < SimulatedLogs.COUNT; p++) {
            if (random.nextInt(3) > 0) {
                partitions.add(p);
            }
        }
        toWrite.addAll(partitions.isEmpty() ? List.of(0) : partitions);
        toCommitOffset = random.nextInt(2) == 0;
        groupAdded = false;
        offsetSent = false;
    }

    private void write(int partition) {
        Identity self = me.orElseThrow();
        int myTag = tag;
        if (!newest && !added.contains(partition)) {
            ask(
                    () -> sim.add(id, self, SimulatedLogs.place(partition)),
                    error -> {
                        if (error == ErrorCode.NONE) {
                            added.add(partition);
                        } else {
                            failed(error);
                        }
                    });
            return;
        }
        ask(
                () -> sim.produce(id, self, partition, myTag, newest),
                error -> {
                    if (error == ErrorCode.NONE) {
                        toWrite.remove();
                        written.add(partition);
                    } else {
                        failed(error);
                    }
                });
    }

    private void commitOffset() {
        Identity self = me.orElseThrow();
        int myTag = tag;
        if (!newest && !groupAdded) {
            ask(
                    () -> sim.addGroup(id, self),
                    error -> {
                        groupAdded = error == ErrorCode.NONE;
                        if (!groupAdded) {
                            failed(error);
                        }
                    });
            return;
        }
        ask(
                () -> sim.commitOffset(id, self, myTag, newest),
                error -> {
                    if (error == ErrorCode.NONE) {
                        toCommitOffset = false;
                        offsetSent = true;
                    } else {
                        failed(error);
                    }
                });
    }

    private void end(boolean commit) {
        Identity self = me.orElseThrow();
        sim.ending(tag, id, Set.copyOf(written), offsetSent, commit);
        int myTag = tag;
        ask(
                () -> sim.end(id, self, commit, newest),
                outcome -> {
                    switch (outcome) {
                        case EndOutcome.Done(long producerId, short epoch) -> {
                            sim.ended(myTag, commit);
                            if (newest) {
                                me = Optional.of(new Identity(producerId, epoch));
                            }
                            open = false;
                            if (random.nextInt(15) == 0) {
                                init(me);
                            }
                        }
                        case EndOutcome.NeedsProducerId needs -> throw new AssertionError(needs);
                        case EndOutcome.Refused(ErrorCode error) -> {
                            failed(error);
                            if (!dead) {
                                end(commit); // the same end again, never the other one
                            }
                        }
                    }
                });
    }
}
