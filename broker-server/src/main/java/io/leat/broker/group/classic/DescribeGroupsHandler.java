package io.leat.broker.group.classic;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.AuthorizedOperations;
import io.leat.broker.api.RequestContext;
import io.leat.broker.group.member.GroupsOf;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DescribeGroupsRequest;
import io.leat.wire.message.DescribeGroupsResponse;
import io.leat.wire.message.DescribeGroupsResponse.DescribedGroup;
import io.leat.wire.message.DescribeGroupsResponse.DescribedGroupMember;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Describes classic groups with their members and assignments. */
final class DescribeGroupsHandler
        implements ApiHandler<DescribeGroupsRequest, DescribeGroupsResponse> {
    /** From here on a group that is not there is an error; before, it is called dead. */
    private static final int GROUP_NOT_FOUND = 6;

    private final GroupsOf<ClassicMembership, ClassicCommand> groups;

    DescribeGroupsHandler(GroupsOf<ClassicMembership, ClassicCommand> groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<DescribeGroupsResponse> handle(
            RequestContext context, DescribeGroupsRequest request) {
        return CompletableFuture.completedFuture(
                new DescribeGroupsResponse(
                        0,
                        request.groups().stream()
                                .map(id ->
                                        describe(
                                                context, id, request.includeAuthorizedOperations()))
                                .toList()));
    }

    private DescribedGroup describe(RequestContext context, String id, boolean withOperations) {
        int operations = AuthorizedOperations.onGroup(context.access(), id, withOperations);
        return groups.find(id)
                .map(group -> describe(id, group, operations))
                .orElseGet(() -> missing(id, operations, context.apiVersion()));
    }

    private static DescribedGroup describe(
            String groupId, ClassicMembership membership, int operations) {
        // While the group rebalances, protocols and subscriptions are those of no generation.
        String protocol =
                membership.phase() instanceof Phase.Stable
                        ? membership.protocolName().orElse("")
                        : "";
        return new DescribedGroup(
                ErrorCode.NONE.code(),
                null,
                groupId,
                membership.phase().displayName(),
                membership.protocolType().orElse(""),
                protocol,
                membership.members().all().stream().map(m -> describe(m, protocol)).toList(),
                operations);
    }

    private static DescribedGroupMember describe(Member member, String protocol) {
        return new DescribedGroupMember(
                member.id(),
                member.instanceId().orElse(null),
                member.client().id(),
                member.client().host(),
                member.metadata(protocol).view(),
                member.assignment().view());
    }

    private static DescribedGroup missing(String groupId, int operations, short version) {
        boolean isError = version >= GROUP_NOT_FOUND;
        return new DescribedGroup(
                (isError ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.NONE).code(),
                isError ? "There is no group '" + groupId + "'" : null,
                groupId,
                "Dead",
                "",
                "",
                List.of(),
                isError ? AuthorizedOperations.NOT_ASKED : operations);
    }
}
