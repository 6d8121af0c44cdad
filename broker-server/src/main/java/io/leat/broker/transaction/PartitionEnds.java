package io.leat.broker.transaction;

import io.leat.wire.ErrorCode;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Hears how transactions ended in partitions. Any thread; it may be told twice. */
public interface PartitionEnds {
    /**
     * The marker of an end is in the partition's log, forced.
     *
     * @return NONE once what follows is durable; any other error is worth another try
     */
    CompletionStage<ErrorCode> ended(
            UUID topicId, int partition, long producerId, boolean committed);

    /** Does nothing. */
    PartitionEnds NONE =
            (topicId, partition, producerId, committed) ->
                    CompletableFuture.completedFuture(ErrorCode.NONE);
}
