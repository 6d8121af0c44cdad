package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of each resource of an {@link AlterConfigsRequest}. */
@Message(from = 0, to = 2, flexibleFrom = 2)
public record AlterConfigsResponse(int throttleTimeMs, List<AlterConfigsResourceResponse> responses)
        implements ResponseMessage {

    /** One resource's outcome. */
    public record AlterConfigsResourceResponse(
            short errorCode,
            @Nullable String errorMessage,
            byte resourceType,
            String resourceName) {}
}
