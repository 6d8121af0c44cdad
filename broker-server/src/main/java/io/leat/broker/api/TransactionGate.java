package io.leat.broker.api;

import io.leat.wire.ErrorCode;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Lets batches of open transactions into partitions, and no others. Any thread. */
public interface TransactionGate {
    /**
     * Lets a batch pass, at once or when its partition was added to the transaction. Batches of one
     * producer to one partition pass in the order in which they came.
     *
     * @param append hands the batch to its partition; does not block
     * @param refuse answers when the batch must not pass
     */
    <R> CompletableFuture<R> pass(
            Entrant entrant, Supplier<CompletableFuture<R>> append, Function<ErrorCode, R> refuse);

    /**
     * A batch at the gate.
     *
     * @param apiVersion of the Produce request
     */
    record Entrant(
            String transactionalId,
            long producerId,
            short producerEpoch,
            UUID topicId,
            String topic,
            int partition,
            short apiVersion) {}
}
