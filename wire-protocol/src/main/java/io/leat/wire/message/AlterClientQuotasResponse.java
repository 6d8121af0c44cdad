package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether quotas changed. */
@Message(from = 0, to = 1, flexibleFrom = 1)
public record AlterClientQuotasResponse(int throttleTimeMs, List<EntryData> entries)
        implements ResponseMessage {

    /** One entity's outcome. */
    public record EntryData(
            short errorCode, @Nullable String errorMessage, List<EntityData> entity) {}

    /** One part of an entity; a null name is the type's default. */
    public record EntityData(String entityType, @Nullable String entityName) {}
}
