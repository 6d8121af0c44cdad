package io.leat.broker.transaction;

import io.leat.broker.coordinator.Coordinator;
import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.coordinator.Transition;
import io.leat.storage.api.StateStore;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The rules of transactions, as Kafka's clients expect them.
 *
 * <p>Where they differ from Apache Kafka's, they promise more: an end is answered once every
 * partition and group knows of it, so that it is not asked twice, and nothing of it can be seen in
 * one place and missing in another.
 */
final class TransactionCoordinator
        implements Coordinator<String, TransactionalProducer, TransactionCommand> {
    private final TransactionConfig config;
    private final long startMillis;

    /**
     * @param startMillis the wall clock at start, ms since the epoch
     */
    TransactionCoordinator(TransactionConfig config, long startMillis) {
        this.config = config;
        this.startMillis = startMillis;
    }

    @Override
    public Transition<TransactionalProducer, TransactionCommand> decide(
            String transactionalId,
            Optional<TransactionalProducer> producer,
            TransactionCommand command,
            long nowMillis) {
        Draft draft = new Draft(transactionalId, producer, config, nowMillis);
        switch (command) {
            case TransactionCommand.Init init -> InitRules.init(draft, init);
            case TransactionCommand.Add add -> AddRules.add(draft, add);
            case TransactionCommand.Verify verify -> AddRules.verify(draft, verify);
            case TransactionCommand.End end -> EndRules.end(draft, end);
            case TransactionCommand.Told told -> EndRules.told(draft, told);
            case TransactionCommand.Tell tell -> EndRules.tell(draft);
            case TransactionCommand.TimedOut timedOut -> EndRules.timedOut(draft);
            case TransactionCommand.Expired expired -> EndRules.expired(draft);
        }
        return draft.transition();
    }

    @Override
    public long heapBytes(String transactionalId, TransactionalProducer producer) {
        return 4 * HeapBytes.OBJECT
                + 2 * HeapBytes.ENTRY
                + HeapBytes.text(transactionalId)
                + producer.phase().participants().heapBytes();
    }

    @Override
    public boolean isRefusable(TransactionCommand command) {
        return command instanceof TransactionCommand.Init
                || command instanceof TransactionCommand.Add;
    }

    /** Open transactions go on, within their time; what was ending ends. */
    @Override
    public void load(
            StateStore store,
            BiConsumer<String, Transition<TransactionalProducer, TransactionCommand>> loaded) {
        TransactionFormat.load(store, (id, producer) -> loaded.accept(id, resume(id, producer)));
    }

    private Transition<TransactionalProducer, TransactionCommand> resume(
            String id, TransactionalProducer producer) {
        Draft draft = new Draft(id, Optional.of(producer), config, startMillis);
        switch (producer.phase()) {
            case Phase.Ongoing ongoing ->
                    draft.ring(
                            new TransactionCommand.TimedOut(),
                            ongoing.startMillis() + producer.timeoutMillis() - startMillis);
            case Phase.Ending ending -> draft.ring(new TransactionCommand.Tell(), 0);
            case Phase.Empty empty -> expireLater(draft, producer);
            case Phase.Ended ended -> expireLater(draft, producer);
        }
        return draft.transition();
    }

    private void expireLater(Draft draft, TransactionalProducer producer) {
        draft.ring(
                new TransactionCommand.Expired(),
                producer.updatedMillis() + config.expirationMillis() - startMillis);
    }
}
