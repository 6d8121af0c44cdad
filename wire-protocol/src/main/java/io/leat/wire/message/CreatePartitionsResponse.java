package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of each topic of a {@link CreatePartitionsRequest}. */
@Message(from = 0, to = 3, flexibleFrom = 2)
public record CreatePartitionsResponse(
        int throttleTimeMs, List<CreatePartitionsTopicResult> results) implements ResponseMessage {

    /** One topic's outcome. */
    public record CreatePartitionsTopicResult(
            String name, short errorCode, @Nullable String errorMessage) {}
}
