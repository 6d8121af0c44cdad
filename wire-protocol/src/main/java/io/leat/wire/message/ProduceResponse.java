package io.leat.wire.message;

import io.leat.wire.ErrorCode;
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
            @Since(10) @Tagged(0) LeaderIdAndEpoch currentLeader) {
        /** The batch was appended. */
        public static PartitionProduceResponse appended(
                int index, long baseOffset, long logAppendTimeMs, long logStartOffset) {
            return new PartitionProduceResponse(
                    index,
                    ErrorCode.NONE.code(),
                    baseOffset,
                    logAppendTimeMs,
                    logStartOffset,
                    List.of(),
                    null,
                    LeaderIdAndEpoch.UNKNOWN);
        }

        /** The batch was not appended. */
        public static PartitionProduceResponse failed(
                int index, ErrorCode error, @Nullable String errorMessage) {
            return new PartitionProduceResponse(
                    index,
                    error.code(),
                    -1,
                    -1,
                    -1,
                    List.of(),
                    errorMessage,
                    LeaderIdAndEpoch.UNKNOWN);
        }
    }

    /** A record that made its batch be refused. */
    public record BatchIndexAndErrorMessage(
            int batchIndex, @Nullable String batchIndexErrorMessage) {}

    /** The partition's leader as far as the broker knows; -1 if it does not say. */
    public record LeaderIdAndEpoch(@Default("-1") int leaderId, @Default("-1") int leaderEpoch) {
        /** The broker does not say who leads. */
        public static final LeaderIdAndEpoch UNKNOWN = new LeaderIdAndEpoch(-1, -1);
    }

    /** The address of a leader that a {@link LeaderIdAndEpoch} names. */
    public record NodeEndpoint(int nodeId, String host, int port, @Nullable String rack) {}
}
