package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether partitions will move. */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record AlterPartitionReassignmentsResponse(
        int throttleTimeMs,
        @Since(1) @Default("true") @Ignorable boolean allowReplicationFactorChange,
        short errorCode,
        @Nullable String errorMessage,
        List<ReassignableTopicResponse> responses)
        implements ResponseMessage {

    /** A topic's outcomes. */
    public record ReassignableTopicResponse(
            String name, List<ReassignablePartitionResponse> partitions) {}

    /** One partition's outcome. */
    public record ReassignablePartitionResponse(
            int partitionIndex, short errorCode, @Nullable String errorMessage) {}
}
