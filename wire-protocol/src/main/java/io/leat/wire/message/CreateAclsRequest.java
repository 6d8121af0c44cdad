package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import java.util.List;

/** Makes ACLs. */
@Message(from = 1, to = 3, flexibleFrom = 2)
public record CreateAclsRequest(List<AclCreation> creations) implements RequestMessage {
    /** An ACL to make. */
    public record AclCreation(
            byte resourceType,
            String resourceName,
            @Default("3") byte resourcePatternType,
            String principal,
            String host,
            byte operation,
            byte permissionType) {}
}
