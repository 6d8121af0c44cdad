package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes single settings of resources and leaves the others (KIP-339). */
@Message(from = 0, to = 1, flexibleFrom = 1)
public record IncrementalAlterConfigsRequest(
        List<AlterConfigsResource> resources, boolean validateOnly) implements RequestMessage {

    /** A resource and the changes to it. */
    public record AlterConfigsResource(
            byte resourceType, String resourceName, List<AlterableConfig> configs) {}

    /** A change: 0 sets, 1 deletes, 2 appends to a list, 3 takes from a list. */
    public record AlterableConfig(String name, byte configOperation, @Nullable String value) {}
}
