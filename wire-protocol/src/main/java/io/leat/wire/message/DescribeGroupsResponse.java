package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The groups that a {@link DescribeGroupsRequest} asked for. */
@Message(from = 0, to = 6, flexibleFrom = 5)
public record DescribeGroupsResponse(
        @Since(1) @Ignorable int throttleTimeMs, List<DescribedGroup> groups)
        implements ResponseMessage {

    /** A group with its members, or an error. */
    public record DescribedGroup(
            short errorCode,
            @Since(6) @Nullable String errorMessage,
            String groupId,
            String groupState,
            String protocolType,
            String protocolData,
            List<DescribedGroupMember> members,
            @Since(3) @Default("-2147483648") int authorizedOperations) {}

    /** A member, its subscription and its assignment. */
    public record DescribedGroupMember(
            String memberId,
            @Since(4) @Ignorable @Nullable String groupInstanceId,
            String clientId,
            String clientHost,
            ByteBuffer memberMetadata,
            ByteBuffer memberAssignment) {}
}
