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

/** Reads record batches, in a fetch session or without one (KIP-227). */
@Message(from = 4, to = 18, flexibleFrom = 12)
public record FetchRequest(
        @Since(12) @Tagged(0) @Ignorable @Nullable String clusterId,
        @Until(14) @Default("-1") int replicaId,
        @Since(15) @Tagged(1) ReplicaState replicaState,
        int maxWaitMs,
        int minBytes,
        int maxBytes,
        byte isolationLevel,
        @Since(7) @Ignorable int sessionId,
        @Since(7) @Default("-1") @Ignorable int sessionEpoch,
        List<FetchTopic> topics,
        @Since(7) List<ForgottenTopic> forgottenTopicsData,
        @Since(11) @Ignorable String rackId)
        implements RequestMessage {

    /** Who asks: a follower, or -1 for a consumer. */
    public record ReplicaState(@Default("-1") int replicaId, @Default("-1") long replicaEpoch) {
        /** A consumer asks. */
        public static final ReplicaState CONSUMER = new ReplicaState(-1, -1);
    }

    /** One topic's partitions; named by name up to version 12, by id from 13. */
    public record FetchTopic(
            @Until(12) @Ignorable String topic,
            @Since(13) @Ignorable UUID topicId,
            List<FetchPartition> partitions) {}

    /** A partition and where to read it. */
    public record FetchPartition(
            int partition,
            @Since(9) @Default("-1") @Ignorable int currentLeaderEpoch,
            long fetchOffset,
            @Since(12) @Default("-1") int lastFetchedEpoch,
            @Since(5) @Default("-1") @Ignorable long logStartOffset,
            int partitionMaxBytes,
            @Since(17) @Tagged(0) @Ignorable UUID replicaDirectoryId,
            @Since(18) @Tagged(1) @Default("9223372036854775807") @Ignorable long highWatermark) {}

    /** Partitions to take out of the fetch session. */
    public record ForgottenTopic(
            @Until(12) @Ignorable String topic,
            @Since(13) @Ignorable UUID topicId,
            List<Integer> partitions) {}
}
