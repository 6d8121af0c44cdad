package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the elections ended. */
@Message(from = 0, to = 2, flexibleFrom = 2)
public record ElectLeadersResponse(
        int throttleTimeMs,
        @Since(1) short errorCode,
        List<ReplicaElectionResult> replicaElectionResults)
        implements ResponseMessage {

    /** A topic's outcomes. */
    public record ReplicaElectionResult(String topic, List<PartitionResult> partitionResult) {}

    /** One partition's outcome. */
    public record PartitionResult(
            int partitionId, short errorCode, @Nullable String errorMessage) {}
}
