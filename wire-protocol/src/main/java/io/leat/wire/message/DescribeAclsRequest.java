package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import org.jspecify.annotations.Nullable;

/** Asks for the ACLs that match a filter. */
@Message(from = 1, to = 3, flexibleFrom = 2)
public record DescribeAclsRequest(
        byte resourceTypeFilter,
        @Nullable String resourceNameFilter,
        @Default("3") byte patternTypeFilter,
        @Nullable String principalFilter,
        @Nullable String hostFilter,
        byte operation,
        byte permissionType)
        implements RequestMessage {}
