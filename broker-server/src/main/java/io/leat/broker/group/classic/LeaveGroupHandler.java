package io.leat.broker.group.classic;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.classic.ClassicCommand.Leave;
import io.leat.broker.group.member.GroupsOf;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.LeaveGroupRequest;
import io.leat.wire.message.LeaveGroupResponse;
import io.leat.wire.message.LeaveGroupResponse.MemberResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets members go, or an administrator remove them. */
final class LeaveGroupHandler implements ApiHandler<LeaveGroupRequest, LeaveGroupResponse> {
    /** From here on many members leave at once, each with an error code of its own. */
    private static final int MANY = 3;

    private final GroupsOf<ClassicMembership, ClassicCommand> groups;

    LeaveGroupHandler(GroupsOf<ClassicMembership, ClassicCommand> groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<LeaveGroupResponse> handle(
            RequestContext context, LeaveGroupRequest request) {
        if (request.groupId().isEmpty()) {
            return CompletableFuture.completedFuture(
                    response(ErrorCode.INVALID_GROUP_ID, List.of()));
        }
        boolean many = context.apiVersion() >= MANY;
        List<Identity> members =
                many
                        ? request.members().stream()
                                .map(member ->
                                        new Identity(
                                                member.memberId(),
                                                Optional.ofNullable(member.groupInstanceId())))
                                .toList()
                        : List.of(new Identity(request.memberId(), Optional.empty()));
        return groups.ask(
                        request.groupId(),
                        (ReplyTo<LeaveOutcome> to) -> new Leave(members, to),
                        error -> new LeaveOutcome(error, List.of()))
                .thenApply(outcome -> many ? forMany(members, outcome) : forOne(outcome));
    }

    private static LeaveGroupResponse forOne(LeaveOutcome outcome) {
        return response(
                outcome.error() == ErrorCode.NONE ? outcome.members().getFirst() : outcome.error(),
                List.of());
    }

    private static LeaveGroupResponse forMany(List<Identity> members, LeaveOutcome outcome) {
        List<MemberResponse> responses = new ArrayList<>(outcome.members().size());
        for (int i = 0; i < outcome.members().size(); i++) {
            Identity member = members.get(i);
            responses.add(
                    new MemberResponse(
                            member.memberId(),
                            member.instanceId().orElse(null),
                            outcome.members().get(i).code()));
        }
        return response(outcome.error(), responses);
    }

    private static LeaveGroupResponse response(ErrorCode error, List<MemberResponse> members) {
        return new LeaveGroupResponse(0, error.code(), members);
    }
}
