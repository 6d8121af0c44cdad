package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets and removes quotas of clients (KIP-546). */
@Message(from = 0, to = 1, flexibleFrom = 1)
public record AlterClientQuotasRequest(List<EntryData> entries, boolean validateOnly)
        implements RequestMessage {

    /** An entity and its changes. */
    public record EntryData(List<EntityData> entity, List<OpData> ops) {}

    /** One part of an entity; a null name is the type's default. */
    public record EntityData(String entityType, @Nullable String entityName) {}

    /** A quota to set or to remove. */
    public record OpData(String key, double value, boolean remove) {}
}
