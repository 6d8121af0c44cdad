package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** Ends transactions in partitions: of a coordinator, or of an administrator (KIP-664). */
@Message(from = 1, to = 2, flexibleFrom = 1)
public record WriteTxnMarkersRequest(List<WritableTxnMarker> markers) implements RequestMessage {

    /** A producer's transaction, and how it ended. */
    public record WritableTxnMarker(
            long producerId,
            short producerEpoch,
            boolean transactionResult,
            List<WritableTxnMarkerTopic> topics,
            int coordinatorEpoch,
            @Since(2) @Ignorable byte transactionVersion) {}

    /** One topic's partitions. */
    public record WritableTxnMarkerTopic(String name, List<Integer> partitionIndexes) {}
}
