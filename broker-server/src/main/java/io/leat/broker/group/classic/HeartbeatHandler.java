package io.leat.broker.group.classic;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.classic.ClassicCommand.Heartbeat;
import io.leat.broker.group.member.GroupsOf;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.HeartbeatRequest;
import io.leat.wire.message.HeartbeatResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Hears that members are alive, and tells them when to join again. */
final class HeartbeatHandler implements ApiHandler<HeartbeatRequest, HeartbeatResponse> {
    private final GroupsOf<ClassicMembership, ClassicCommand> groups;

    HeartbeatHandler(GroupsOf<ClassicMembership, ClassicCommand> groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<HeartbeatResponse> handle(
            RequestContext context, HeartbeatRequest request) {
        if (request.groupId().isEmpty()) {
            return CompletableFuture.completedFuture(response(ErrorCode.INVALID_GROUP_ID));
        }
        Identity member =
                new Identity(request.memberId(), Optional.ofNullable(request.groupInstanceId()));
        return groups.ask(
                        request.groupId(),
                        (ReplyTo<ErrorCode> to) ->
                                new Heartbeat(member, request.generationId(), to),
                        error -> error)
                .thenApply(HeartbeatHandler::response);
    }

    private static HeartbeatResponse response(ErrorCode error) {
        return new HeartbeatResponse(0, error.code());
    }
}
