package io.leat.broker.group.classic;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.classic.ClassicCommand.Sync;
import io.leat.broker.group.member.GroupsOf;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.SyncGroupRequest;
import io.leat.wire.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.leat.wire.message.SyncGroupResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives members their assignments. The reply waits for the leader. */
final class SyncGroupHandler implements ApiHandler<SyncGroupRequest, SyncGroupResponse> {
    /** From here on a member says by which protocol it was assigned (KIP-559). */
    private static final int NAMES_PROTOCOL = 5;

    private final GroupsOf<ClassicMembership, ClassicCommand> groups;

    SyncGroupHandler(GroupsOf<ClassicMembership, ClassicCommand> groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<SyncGroupResponse> handle(
            RequestContext context, SyncGroupRequest request) {
        if (request.groupId().isEmpty()) {
            return refused(ErrorCode.INVALID_GROUP_ID);
        }
        boolean unnamed = request.protocolType() == null || request.protocolName() == null;
        if (context.apiVersion() >= NAMES_PROTOCOL && unnamed) {
            return refused(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        }
        Map<String, Bytes> assignments = new HashMap<>();
        for (SyncGroupRequestAssignment assignment : request.assignments()) {
            assignments.put(assignment.memberId(), Bytes.copyOf(assignment.assignment()));
        }
        Identity member =
                new Identity(request.memberId(), Optional.ofNullable(request.groupInstanceId()));
        return groups.ask(
                        request.groupId(),
                        (ReplyTo<SyncOutcome> to) ->
                                new Sync(
                                        member,
                                        request.generationId(),
                                        Optional.ofNullable(request.protocolType()),
                                        Optional.ofNullable(request.protocolName()),
                                        assignments,
                                        to),
                        SyncOutcome::refused)
                .thenApply(SyncGroupHandler::response);
    }

    private static CompletionStage<SyncGroupResponse> refused(ErrorCode error) {
        return CompletableFuture.completedFuture(SyncGroupResponse.failed(error));
    }

    private static SyncGroupResponse response(SyncOutcome outcome) {
        return new SyncGroupResponse(
                0,
                outcome.error().code(),
                outcome.protocolType().orElse(null),
                outcome.protocolName().orElse(null),
                outcome.assignment().view());
    }
}
