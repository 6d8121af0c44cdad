package io.leat.broker.api;

import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.wire.message.ProduceResponse.PartitionProduceResponse;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Takes records that are to be delivered later out of the batches of a topic. Any thread. */
public interface Delays {
    /**
     * Lets a batch pass that was checked. Batches of one connection to one partition land in the
     * order in which they came.
     *
     * @param batch its bytes stay until the future completes
     * @param landing what becomes of what is left of the batch; called once, or never where the
     *     answer is an error
     */
    CompletableFuture<PartitionProduceResponse> pass(
            Topic topic, Partition partition, RecordBatch batch, Landing landing);

    /** Hands a batch to its partition. */
    @FunctionalInterface
    interface Landing {
        /**
         * Does not block.
         *
         * @param batch the batch, perhaps with fewer records than it came with, or with none
         * @param forced whether it must be on disk before it has landed
         */
        CompletableFuture<Landed> land(ByteBuffer batch, boolean forced);
    }

    /**
     * How it ended.
     *
     * @param response the answer to the producer
     * @param appended whether the batch is in the log now and was not before
     */
    record Landed(PartitionProduceResponse response, boolean appended) {}
}
