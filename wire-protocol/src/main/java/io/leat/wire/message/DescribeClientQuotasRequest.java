package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for the quotas of clients (KIP-546). */
@Message(from = 0, to = 1, flexibleFrom = 1)
public record DescribeClientQuotasRequest(List<ComponentData> components, boolean strict)
        implements RequestMessage {

    /** What an entity of one type must be called: 0 by that name, 1 the default, 2 any name. */
    public record ComponentData(String entityType, byte matchType, @Nullable String match) {}
}
