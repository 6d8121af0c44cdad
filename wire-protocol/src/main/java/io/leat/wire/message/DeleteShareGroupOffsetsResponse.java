package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of a {@link DeleteShareGroupOffsetsRequest}. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record DeleteShareGroupOffsetsResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        List<DeleteShareGroupOffsetsResponseTopic> responses)
        implements ResponseMessage {

    /** One topic. */
    public record DeleteShareGroupOffsetsResponseTopic(
            String topicName, UUID topicId, short errorCode, @Nullable String errorMessage) {}
}
