package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.NullableSince;
import io.leat.wire.schema.Since;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of each topic of a {@link DeleteTopicsRequest}. */
@Message(from = 1, to = 6, flexibleFrom = 4)
public record DeleteTopicsResponse(int throttleTimeMs, List<DeletableTopicResult> responses)
        implements ResponseMessage {

    /** One topic's outcome. */
    public record DeletableTopicResult(
            @NullableSince(6) @Nullable String name,
            @Since(6) @Ignorable UUID topicId,
            short errorCode,
            @Since(5) @Ignorable @Nullable String errorMessage) {}
}
