package io.leat.broker.transaction;

import io.leat.broker.coordinator.StateListener;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.record.TransactionMarker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tells the participants how transactions end, once that is durable, and tells the rules who knows.
 *
 * <p>Called on the coordinators' loop; what comes back completes on the threads of the logs.
 */
final class Ends implements StateListener<String, TransactionalProducer> {
    /** Hears of the end of an attempt. */
    interface Told {
        void told(String transactionalId, Identity producer, Participants done);
    }

    private final Witnesses witnesses;
    private final Consumer<Long> closeGate;
    private final Told told;

    /**
     * @param closeGate returns once every batch that was let through for a producer is on its way
     *     to its partition
     */
    Ends(Witnesses witnesses, Consumer<Long> closeGate, Told told) {
        this.witnesses = witnesses;
        this.closeGate = closeGate;
        this.told = told;
    }

    @Override
    public void published(
            String transactionalId,
            Optional<TransactionalProducer> before,
            Optional<TransactionalProducer> after) {
        if (after.isPresent()
                && after.get().phase() instanceof Phase.Ending ending
                && ending.attempt() > attempt(before)) {
            tell(transactionalId, after.get(), ending);
        }
    }

    private static int attempt(Optional<TransactionalProducer> producer) {
        return producer.isPresent() && producer.get().phase() instanceof Phase.Ending ending
                ? ending.attempt()
                : 0;
    }

    private void tell(String transactionalId, TransactionalProducer producer, Phase.Ending ending) {
        closeGate.accept(producer.id());
        TransactionMarker marker =
                new TransactionMarker(producer.id(), producer.epoch(), ending.committed(), 0);
        Set<Place> places = ConcurrentHashMap.newKeySet();
        Set<String> groups = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (Place place : ending.left().places()) {
            all.add(
                    witnesses
                            .mark(place, marker)
                            .thenAccept(error -> {
                                if (error == ErrorCode.NONE) {
                                    places.add(place);
                                }
                            })
                            .toCompletableFuture());
        }
        for (String group : ending.left().groups()) {
            all.add(
                    witnesses
                            .endOffsets(group, producer.id(), ending.committed())
                            .thenAccept(error -> {
                                if (error == ErrorCode.NONE) {
                                    groups.add(group);
                                }
                            })
                            .toCompletableFuture());
        }
        var _ =
                CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                        .whenComplete((done, failure) ->
                                told.told(
                                        transactionalId,
                                        new Identity(producer.id(), producer.epoch()),
                                        new Participants(
                                                new HashSet<>(places), new HashSet<>(groups))));
    }
}
