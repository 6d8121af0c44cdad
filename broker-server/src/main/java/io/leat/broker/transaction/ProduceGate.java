package io.leat.broker.transaction;

import io.leat.broker.api.TransactionGate;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.wire.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gate before the partitions. A batch is looked at and handed to its partition under a lock of
 * its producer, and an end takes that lock once after it was decided: so every batch that passed is
 * in its partition's queue before the marker.
 *
 * <p>From Produce 12 on (KIP-890) the first batch adds its partition to the transaction, durably,
 * before it passes; those behind it wait for it.
 */
final class ProduceGate implements TransactionGate {
    /** From here on a batch adds its partition itself. */
    private static final int IMPLICIT_ADD = 12;

    /** From here on clients know an error that says: abort, and all is well. */
    private static final int ABORTABLE = 11;

    private static final int LOCKS = 64;

    /** The transactions, as the gate needs them. */
    interface Book {
        Optional<TransactionalProducer> find(String transactionalId);

        CompletionStage<ErrorCode> add(
                String transactionalId, Identity producer, Participants participants);
    }

    private record Line(long producerId, Place place) {}

    /** One producer in so many shares this; guards what it holds. */
    private static final class Lock {
        /** Completes when the last batch that waits for its partition to be added has passed. */
        private final Map<Line, CompletableFuture<@Nullable Void>> lines = new HashMap<>();
    }

    private final Book book;
    private final Lock[] locks = new Lock[LOCKS];

    ProduceGate(Book book) {
        this.book = book;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Lock();
        }
    }

    private Lock lock(long producerId) {
        return locks[Math.floorMod(Long.hashCode(producerId), LOCKS)];
    }

    /** Returns once every batch of a producer that passed was handed to its partition. */
    void close(long producerId) {
        synchronized (lock(producerId)) {
            // Whoever held it is through; who comes now sees that the transaction is ending.
            return;
        }
    }

    @Override
    public <R> CompletableFuture<R> pass(
            Entrant entrant, Supplier<CompletableFuture<R>> append, Function<ErrorCode, R> refuse) {
        Line line =
                new Line(
                        entrant.producerId(),
                        new Place(entrant.topicId(), entrant.topic(), entrant.partition()));
        Lock lock = lock(entrant.producerId());
        CompletableFuture<@Nullable Void> ahead;
        CompletableFuture<@Nullable Void> passed;
        synchronized (lock) {
            CompletableFuture<@Nullable Void> last = lock.lines.get(line);
            if (last == null) {
                ErrorCode verdict = verdict(entrant, line.place());
                if (verdict == ErrorCode.NONE) {
                    return append.get();
                }
                if (verdict != ErrorCode.INVALID_TXN_STATE || entrant.apiVersion() < IMPLICIT_ADD) {
                    return CompletableFuture.completedFuture(
                            refuse.apply(answer(entrant, verdict)));
                }
            }
            ahead = last != null ? last : CompletableFuture.completedFuture(null);
            passed = new CompletableFuture<>();
            lock.lines.put(line, passed);
        }
        return ahead.thenCompose(done -> add(entrant, line.place()))
                .thenCompose(error -> {
                    try {
                        return passNow(entrant, line, error, append, refuse);
                    } finally {
                        leave(lock, line, passed);
                    }
                });
    }

    private CompletionStage<ErrorCode> add(Entrant entrant, Place place) {
        return verdict(entrant, place) == ErrorCode.INVALID_TXN_STATE
                ? book.add(
                        entrant.transactionalId(),
                        identity(entrant),
                        new Participants(Set.of(place), Set.of()))
                : CompletableFuture.completedFuture(ErrorCode.NONE);
    }

    private <R> CompletableFuture<R> passNow(
            Entrant entrant,
            Line line,
            ErrorCode error,
            Supplier<CompletableFuture<R>> append,
            Function<ErrorCode, R> refuse) {
        ErrorCode verdict = error;
        if (error == ErrorCode.NONE) {
            synchronized (lock(entrant.producerId())) {
                verdict = verdict(entrant, line.place());
                if (verdict == ErrorCode.NONE) {
                    return append.get();
                }
            }
        }
        return CompletableFuture.completedFuture(refuse.apply(answer(entrant, verdict)));
    }

    private static void leave(Lock lock, Line line, CompletableFuture<@Nullable Void> passed) {
        synchronized (lock) {
            lock.lines.remove(line, passed);
        }
        passed.complete(null);
    }

    private ErrorCode verdict(Entrant entrant, Place place) {
        Optional<TransactionalProducer> producer = book.find(entrant.transactionalId());
        ErrorCode refusal = AddRules.refusal(producer, identity(entrant));
        if (refusal != ErrorCode.NONE) {
            return refusal;
        }
        return producer.orElseThrow().phase() instanceof Phase.Ongoing ongoing
                        && ongoing.participants().places().contains(place)
                ? ErrorCode.NONE
                : ErrorCode.INVALID_TXN_STATE;
    }

    private static Identity identity(Entrant entrant) {
        return new Identity(entrant.producerId(), entrant.producerEpoch());
    }

    /** In the words of a Produce response. */
    private static ErrorCode answer(Entrant entrant, ErrorCode verdict) {
        return switch (verdict) {
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case INVALID_TXN_STATE ->
                    entrant.apiVersion() >= ABORTABLE
                            ? ErrorCode.TRANSACTION_ABORTABLE
                            : ErrorCode.INVALID_TXN_STATE;
            // Worth another try, as all clients know.
            case CONCURRENT_TRANSACTIONS,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR ->
                    ErrorCode.NOT_ENOUGH_REPLICAS;
            default -> verdict;
        };
    }
}
