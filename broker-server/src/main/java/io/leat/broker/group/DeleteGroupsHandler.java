package io.leat.broker.group;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DeleteGroupsRequest;
import io.leat.wire.message.DeleteGroupsResponse;
import io.leat.wire.message.DeleteGroupsResponse.DeletableGroupResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Deletes groups that have no members. */
final class DeleteGroupsHandler implements ApiHandler<DeleteGroupsRequest, DeleteGroupsResponse> {
    private final Groups groups;

    DeleteGroupsHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<DeleteGroupsResponse> handle(
            RequestContext context, DeleteGroupsRequest request) {
        List<CompletableFuture<DeletableGroupResult>> results =
                request.groupsNames().stream().distinct().map(this::delete).toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        new DeleteGroupsResponse(
                                0, results.stream().map(CompletableFuture::join).toList()));
    }

    private CompletableFuture<DeletableGroupResult> delete(String groupId) {
        CompletionStage<ErrorCode> deleted =
                groups.shareGroups().has(groupId)
                        ? groups.shareGroups().delete(groupId)
                        : groups.ask(groupId, GroupCommand.DeleteGroup::new, error -> error);
        return deleted.thenApply(error -> result(groupId, error)).toCompletableFuture();
    }

    private static DeletableGroupResult result(String groupId, ErrorCode error) {
        String message =
                switch (error) {
                    case NONE -> null;
                    case GROUP_ID_NOT_FOUND -> "There is no group '" + groupId + "'";
                    case NON_EMPTY_GROUP -> "Group '" + groupId + "' has members: stop them first";
                    default -> error.message();
                };
        return new DeletableGroupResult(groupId, error.code(), message);
    }
}
