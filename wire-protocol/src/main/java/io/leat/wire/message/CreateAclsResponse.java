package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a {@link CreateAclsRequest}, ACL by ACL. */
@Message(from = 1, to = 3, flexibleFrom = 2)
public record CreateAclsResponse(int throttleTimeMs, List<AclCreationResult> results)
        implements ResponseMessage {
    /** One ACL's outcome. */
    public record AclCreationResult(short errorCode, @Nullable String errorMessage) {}
}
