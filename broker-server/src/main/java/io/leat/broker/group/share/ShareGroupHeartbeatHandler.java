package io.leat.broker.group.share;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.group.member.Client;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ShareGroupHeartbeatRequest;
import io.leat.wire.message.ShareGroupHeartbeatResponse;
import io.leat.wire.message.ShareGroupHeartbeatResponse.Assignment;
import io.leat.wire.message.ShareGroupHeartbeatResponse.TopicPartitions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Lets members join share groups, stay in them, and leave them. */
final class ShareGroupHeartbeatHandler
        implements ApiHandler<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse> {
    private final ShareGroupMembers groups;

    ShareGroupHeartbeatHandler(ShareGroupMembers groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<ShareGroupHeartbeatResponse> handle(
            RequestContext context, ShareGroupHeartbeatRequest request) {
        if (request.groupId().isBlank() || request.memberId().isBlank()) {
            String missing = request.groupId().isBlank() ? "group" : "member";
            return CompletableFuture.completedFuture(
                    response(
                            request,
                            HeartbeatOutcome.refused(ErrorCode.INVALID_REQUEST),
                            "The " + missing + " id is missing"));
        }
        if (request.memberEpoch() < ShareMemberRules.LEAVING) {
            return CompletableFuture.completedFuture(
                    response(
                            request,
                            HeartbeatOutcome.refused(ErrorCode.INVALID_REQUEST),
                            "There is no member epoch " + request.memberEpoch()));
        }
        Client client = new Client(context.clientId(), context.connection().clientHost());
        return groups.<HeartbeatOutcome>ask(
                        request.groupId(),
                        to ->
                                new ShareMemberCommand.Heartbeat(
                                        request.memberId(),
                                        request.memberEpoch(),
                                        Optional.ofNullable(request.rackId()),
                                        Optional.ofNullable(request.subscribedTopicNames()),
                                        client,
                                        to),
                        HeartbeatOutcome::refused)
                .thenApply(outcome -> response(request, outcome, message(request, outcome)));
    }

    private static @Nullable String message(
            ShareGroupHeartbeatRequest request, HeartbeatOutcome outcome) {
        return outcome.error() == ErrorCode.GROUP_ID_NOT_FOUND
                ? "Group '" + request.groupId() + "' is not a share group"
                : null;
    }

    private static ShareGroupHeartbeatResponse response(
            ShareGroupHeartbeatRequest request,
            HeartbeatOutcome outcome,
            @Nullable String message) {
        ErrorCode error = outcome.error();
        boolean failed = error != ErrorCode.NONE;
        return new ShareGroupHeartbeatResponse(
                0,
                error.code(),
                failed && message == null ? error.message() : message,
                failed ? null : request.memberId(),
                outcome.epoch(),
                outcome.heartbeatMillis(),
                outcome.assignment().map(ShareGroupHeartbeatHandler::assignment).orElse(null));
    }

    private static Assignment assignment(Map<UUID, List<Integer>> partitions) {
        return new Assignment(
                partitions.entrySet().stream()
                        .map(topic -> new TopicPartitions(topic.getKey(), topic.getValue()))
                        .toList());
    }
}
