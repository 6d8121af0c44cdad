package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Tagged;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the record batches of a {@link ProduceRequest} went. */
@Message(from = 3, to = 13, flexibleFrom = 9)
public record ProduceResponse(
        List<TopicProduceResponse> responses,
        int throttleTimeMs,
        @Since(10) @Tagged(0) List<NodeEndpoint> nodeEndpoints)
        implements ResponseMessage {

    /** One topic's outcomes. */
    public record TopicProduceResponse(
            @Until(12) @Ignorable String name,
            @Since(13) @Ignorable UUID topicId,
            List<PartitionProduceResponse> partitionResponses) {}

    /** One partition's outcome: the offset of the first record, or an error. */
    public record PartitionProduceResponse(
            int index,
            short errorCode,
            long baseOffset,
            long logAppendTimeMs,
            @Since(5) @Default("-1") @Ignorable long logStartOffset,
            @Since(8) @Ignorable List<BatchIndexAndErrorMessage> recordErrors,
            @Since(8) @Ignorable @Nullable String errorMessage,
            @Since(10) @Tagged(0) LeaderIdAndEpoch currentLeader) {}

    /** A record that made its batch be refused. */
    public record BatchIndexAndErrorMessage(
            int batchIndex, @Nullable String batchIndexErrorMessage) {}

    /** The partition's leader as far as the broker knows; -1 if it does not say. */
    public record LeaderIdAndEpoch(@Default("-1") int leaderId, @Default("-1") int leaderEpoch) {}

    /** The address of a leader that a {@link LeaderIdAndEpoch} names. */
    public record NodeEndpoint(int nodeId, String host, int port, @Nullable String rack) {}
}
