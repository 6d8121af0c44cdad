package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The producers that a {@link DescribeProducersRequest} asked for. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record DescribeProducersResponse(int throttleTimeMs, List<TopicResponse> topics)
        implements ResponseMessage {

    /** One topic's partitions. */
    public record TopicResponse(String name, List<PartitionResponse> partitions) {}

    /** One partition's producers, or an error. */
    public record PartitionResponse(
            int partitionIndex,
            short errorCode,
            @Nullable String errorMessage,
            List<ProducerState> activeProducers) {}

    /** A producer, its epoch, its last batch and its open transaction. */
    public record ProducerState(
            long producerId,
            int producerEpoch,
            int lastSequence,
            long lastTimestamp,
            int coordinatorEpoch,
            long currentTxnStartOffset) {}
}
