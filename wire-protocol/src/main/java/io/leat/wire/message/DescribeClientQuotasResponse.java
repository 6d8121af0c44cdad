package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The quotas of clients. */
@Message(from = 0, to = 1, flexibleFrom = 1)
public record DescribeClientQuotasResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        @Nullable List<EntryData> entries)
        implements ResponseMessage {

    /** An entity and its quotas. */
    public record EntryData(List<EntityData> entity, List<ValueData> values) {}

    /** One part of an entity; a null name is the type's default. */
    public record EntityData(String entityType, @Nullable String entityName) {}

    /** A quota. */
    public record ValueData(String key, double value) {}
}
