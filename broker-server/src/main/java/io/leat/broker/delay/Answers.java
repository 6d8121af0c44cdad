package io.leat.broker.delay;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.ProduceResponse.BatchIndexAndErrorMessage;
import io.leat.wire.message.ProduceResponse.LeaderIdAndEpoch;
import io.leat.wire.message.ProduceResponse.PartitionProduceResponse;
import java.util.List;

/** What producers are told. */
final class Answers {
    private static final LeaderIdAndEpoch UNCHANGED = new LeaderIdAndEpoch(-1, -1);
    private static final long NONE = -1;

    private Answers() {}

    /**
     * Nothing of a batch was taken.
     *
     * @param records which records are to blame, and why each
     */
    static PartitionProduceResponse refused(
            int partition,
            ErrorCode error,
            String message,
            List<BatchIndexAndErrorMessage> records) {
        return new PartitionProduceResponse(
                partition, error.code(), NONE, NONE, NONE, records, message, UNCHANGED);
    }
}
