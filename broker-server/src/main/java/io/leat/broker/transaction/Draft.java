package io.leat.broker.transaction;

import io.leat.broker.coordinator.Alarm;
import io.leat.broker.coordinator.Reply;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Transition;
import io.leat.storage.api.StateStore.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A transition in the making. Lives for one decision. */
final class Draft {
    private final String transactionalId;
    private final TransactionConfig config;
    private final long nowMillis;
    private final List<Write> writes = new ArrayList<>();
    private final List<Reply<?>> replies = new ArrayList<>();
    private final List<Alarm<TransactionCommand>> alarms = new ArrayList<>();
    private Optional<TransactionalProducer> producer;

    Draft(
            String transactionalId,
            Optional<TransactionalProducer> producer,
            TransactionConfig config,
            long nowMillis) {
        this.transactionalId = transactionalId;
        this.producer = producer;
        this.config = config;
        this.nowMillis = nowMillis;
    }

    Optional<TransactionalProducer> producer() {
        return producer;
    }

    TransactionConfig config() {
        return config;
    }

    long nowMillis() {
        return nowMillis;
    }

    /** Changes the producer, durably. */
    void become(TransactionalProducer next) {
        producer = Optional.of(next);
        writes.add(TransactionFormat.put(transactionalId, next));
    }

    /** Changes what needs not outlive a crash. */
    void becomeForNow(TransactionalProducer next) {
        producer = Optional.of(next);
    }

    void forget() {
        producer = Optional.empty();
        writes.add(TransactionFormat.delete(transactionalId));
    }

    <R> void reply(ReplyTo<R> to, R value) {
        replies.add(new Reply<>(to, value));
    }

    void ring(TransactionCommand command, long delayMillis) {
        alarms.add(new Alarm.Set<>(command, Math.max(0, delayMillis)));
    }

    void silence(TransactionCommand command) {
        alarms.add(new Alarm.Cancel<>(command));
    }

    Transition<TransactionalProducer, TransactionCommand> transition() {
        return new Transition<>(producer, writes, replies, alarms);
    }
}
