package io.leat.broker.transaction;

import io.leat.wire.ErrorCode;
import io.leat.wire.record.TransactionMarker;
import java.util.concurrent.CompletionStage;

/** Where the end of a transaction has to be known. Nothing in it blocks; it may be told twice. */
interface Witnesses {
    /**
     * Appends a marker to a partition.
     *
     * @return NONE once it is durable, or once the partition is gone or the producer was fenced off
     *     there, so that there is nothing to end; any other error is worth another try
     */
    CompletionStage<ErrorCode> mark(Place place, TransactionMarker marker);

    /** Lets a group's offsets count, or drops them; NONE once that is durable. */
    CompletionStage<ErrorCode> endOffsets(String groupId, long producerId, boolean committed);
}
