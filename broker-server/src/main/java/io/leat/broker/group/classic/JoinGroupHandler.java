package io.leat.broker.group.classic;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.classic.ClassicCommand.Join;
import io.leat.broker.group.classic.ClassicCommand.JoinOptions;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.GroupsOf;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.JoinGroupRequest;
import io.leat.wire.message.JoinGroupResponse;
import io.leat.wire.message.JoinGroupResponse.JoinGroupResponseMember;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes members into a group. The reply waits for the generation. */
final class JoinGroupHandler implements ApiHandler<JoinGroupRequest, JoinGroupResponse> {
    /** From here on a new member gets its id before it joins (KIP-394). */
    private static final int ID_FIRST = 4;

    /** From here on a protocol name may be null. */
    private static final int NULL_PROTOCOL = 7;

    /** From here on a leader can be told to leave the assignment alone (KIP-814). */
    private static final int SKIP_ASSIGNMENT = 9;

    private final GroupsOf<ClassicMembership, ClassicCommand> groups;

    JoinGroupHandler(GroupsOf<ClassicMembership, ClassicCommand> groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<JoinGroupResponse> handle(
            RequestContext context, JoinGroupRequest request) {
        short version = context.apiVersion();
        if (request.groupId().isEmpty()) {
            JoinOutcome refused =
                    JoinOutcome.refused(ErrorCode.INVALID_GROUP_ID, request.memberId());
            return CompletableFuture.completedFuture(response(refused, version));
        }
        Optional<String> instanceId = Optional.ofNullable(request.groupInstanceId());
        String newMemberId = instanceId.orElse(context.clientId()) + "-" + UUID.randomUUID();
        Client client = new Client(context.clientId(), context.connection().clientHost());
        List<Protocol> protocols =
                request.protocols().stream()
                        .map(p -> new Protocol(p.name(), Bytes.copyOf(p.metadata())))
                        .toList();
        JoinOptions options =
                new JoinOptions(newMemberId, version >= ID_FIRST, version >= SKIP_ASSIGNMENT);
        return groups.ask(
                        request.groupId(),
                        (ReplyTo<JoinOutcome> to) ->
                                new Join(
                                        new Identity(request.memberId(), instanceId),
                                        client,
                                        timeouts(request),
                                        request.protocolType(),
                                        protocols,
                                        options,
                                        to),
                        error -> JoinOutcome.refused(error, request.memberId()))
                .thenApply(outcome -> response(outcome, version));
    }

    private static Member.Timeouts timeouts(JoinGroupRequest request) {
        // Version 0 has no rebalance timeout: the session's stands for both.
        int rebalanceMillis =
                request.rebalanceTimeoutMs() < 0
                        ? Math.max(request.sessionTimeoutMs(), 0)
                        : request.rebalanceTimeoutMs();
        return new Member.Timeouts(request.sessionTimeoutMs(), rebalanceMillis);
    }

    private static JoinGroupResponse response(JoinOutcome outcome, short version) {
        return new JoinGroupResponse(
                0,
                outcome.error().code(),
                outcome.generation(),
                outcome.protocolType().orElse(null),
                outcome.protocolName().orElse(version >= NULL_PROTOCOL ? null : ""),
                outcome.leader(),
                outcome.skipAssignment(),
                outcome.memberId(),
                outcome.members().stream()
                        .map(member ->
                                new JoinGroupResponseMember(
                                        member.memberId(),
                                        member.instanceId().orElse(null),
                                        member.metadata().view()))
                        .toList());
    }
}
