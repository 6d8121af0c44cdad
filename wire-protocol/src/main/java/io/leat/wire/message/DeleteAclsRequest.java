package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes the ACLs that match filters. */
@Message(from = 1, to = 3, flexibleFrom = 2)
public record DeleteAclsRequest(List<DeleteAclsFilter> filters) implements RequestMessage {
    /** Says which ACLs go. */
    public record DeleteAclsFilter(
            byte resourceTypeFilter,
            @Nullable String resourceNameFilter,
            @Default("3") byte patternTypeFilter,
            @Nullable String principalFilter,
            @Nullable String hostFilter,
            byte operation,
            byte permissionType) {}
}
