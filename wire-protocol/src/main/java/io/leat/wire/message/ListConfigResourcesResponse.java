package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** What a {@link ListConfigResourcesRequest} asked for. */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record ListConfigResourcesResponse(
        int throttleTimeMs, short errorCode, List<ConfigResource> configResources)
        implements ResponseMessage {

    /** A resource that has a configuration. */
    public record ConfigResource(
            String resourceName, @Since(1) @Ignorable @Default("16") byte resourceType) {}
}
