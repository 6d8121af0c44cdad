package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a {@link DeleteAclsRequest}, filter by filter. */
@Message(from = 1, to = 3, flexibleFrom = 2)
public record DeleteAclsResponse(int throttleTimeMs, List<DeleteAclsFilterResult> filterResults)
        implements ResponseMessage {
    /** One filter's outcome. */
    public record DeleteAclsFilterResult(
            short errorCode,
            @Nullable String errorMessage,
            List<DeleteAclsMatchingAcl> matchingAcls) {}

    /** An ACL that was removed. */
    public record DeleteAclsMatchingAcl(
            short errorCode,
            @Nullable String errorMessage,
            byte resourceType,
            String resourceName,
            @Default("3") byte patternType,
            String principal,
            String host,
            byte operation,
            byte permissionType) {}
}
