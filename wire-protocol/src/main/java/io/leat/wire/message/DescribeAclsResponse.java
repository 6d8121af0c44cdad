package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ACLs that match a {@link DescribeAclsRequest}. */
@Message(from = 1, to = 3, flexibleFrom = 2)
public record DescribeAclsResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        List<DescribeAclsResource> resources)
        implements ResponseMessage {
    /** A resource and its ACLs. */
    public record DescribeAclsResource(
            byte resourceType,
            String resourceName,
            @Default("3") byte patternType,
            List<AclDescription> acls) {}

    /** Who may or may not do what. */
    public record AclDescription(
            String principal, String host, byte operation, byte permissionType) {}
}
