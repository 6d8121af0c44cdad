package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replaces all settings of resources; settings not named return to their defaults. */
@Message(from = 0, to = 2, flexibleFrom = 2)
public record AlterConfigsRequest(List<AlterConfigsResource> resources, boolean validateOnly)
        implements RequestMessage {

    /** A resource and all its settings. */
    public record AlterConfigsResource(
            byte resourceType, String resourceName, List<AlterableConfig> configs) {}

    /** A setting and its value. */
    public record AlterableConfig(String name, @Nullable String value) {}
}
