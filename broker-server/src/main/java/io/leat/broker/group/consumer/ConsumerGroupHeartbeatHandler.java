package io.leat.broker.group.consumer;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.GroupsOf;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.ConsumerGroupHeartbeatRequest;
import io.leat.wire.message.ConsumerGroupHeartbeatResponse;
import io.leat.wire.message.ConsumerGroupHeartbeatResponse.Assignment;
import io.leat.wire.message.ConsumerGroupHeartbeatResponse.TopicPartitions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Members of consumer groups join, are heard of, and leave. */
final class ConsumerGroupHeartbeatHandler
        implements ApiHandler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> {
    /** From here on members make their ids themselves (KIP-1082). */
    private static final int OWN_ID = 1;

    /**
     * How many partitions the topics that a member claims may have, each as many as its highest
     * claimed one says: far more than a broker has, and few enough to be remembered in 2 MiB.
     */
    private static final long CLAIMED_MAX = 1L << 24;

    private final GroupsOf<ConsumerMembership, ConsumerCommand> groups;
    private final GroupConfig config;

    ConsumerGroupHeartbeatHandler(
            GroupsOf<ConsumerMembership, ConsumerCommand> groups, GroupConfig config) {
        this.groups = groups;
        this.config = config;
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponse> handle(
            RequestContext context, ConsumerGroupHeartbeatRequest request) {
        String memberId = request.memberId();
        if (memberId.isEmpty() && context.apiVersion() < OWN_ID && request.memberEpoch() == 0) {
            memberId = TopicIds.text(UUID.randomUUID());
        }
        Identity member = new Identity(memberId, Optional.ofNullable(request.instanceId()));
        ConsumerCommand.Profile profile;
        Optional<PartitionSet> owned;
        try {
            check(request, memberId);
            profile = profile(context, request);
            owned = owned(request.topicPartitions());
        } catch (Refusal refusal) {
            return CompletableFuture.completedFuture(
                    response(
                            HeartbeatOutcome.refused(
                                    refusal.error(), String.valueOf(refusal.getMessage()))));
        }
        return groups.ask(
                        request.groupId(),
                        (ReplyTo<HeartbeatOutcome> to) ->
                                new ConsumerCommand.Heartbeat(
                                        member, request.memberEpoch(), profile, owned, to),
                        error -> HeartbeatOutcome.refused(error, error.message()))
                .thenApply(ConsumerGroupHeartbeatHandler::response);
    }

    private static ConsumerCommand.Profile profile(
            RequestContext context, ConsumerGroupHeartbeatRequest request) {
        return new ConsumerCommand.Profile(
                new Client(context.clientId(), context.connection().clientHost()),
                Optional.ofNullable(request.rackId()),
                request.rebalanceTimeoutMs() == -1
                        ? OptionalInt.empty()
                        : OptionalInt.of(request.rebalanceTimeoutMs()),
                Optional.ofNullable(request.subscribedTopicNames()),
                Optional.ofNullable(request.subscribedTopicRegex()),
                Optional.ofNullable(request.serverAssignor()));
    }

    private void check(ConsumerGroupHeartbeatRequest request, String memberId) {
        require(!request.groupId().isEmpty(), "The group id must not be empty");
        require(!memberId.isEmpty(), "The member id must not be empty");
        require(filled(request.instanceId()), "The instance id must not be empty");
        require(filled(request.rackId()), "The rack id must not be empty");
        require(request.memberEpoch() >= Standing.AWAY, "There is no such member epoch");
        if (request.memberEpoch() == 0) {
            List<ConsumerGroupHeartbeatRequest.TopicPartitions> owned = request.topicPartitions();
            require(request.rebalanceTimeoutMs() != -1, "A join names a rebalance timeout");
            require(owned != null && owned.isEmpty(), "One that joins owns nothing");
            require(
                    request.subscribedTopicNames() != null
                            || request.subscribedTopicRegex() != null,
                    "A join names topics or a regular expression");
        }
        require(
                request.memberEpoch() != Standing.AWAY || request.instanceId() != null,
                "Only a static member leaves to come back");
        String assignor = request.serverAssignor();
        if (assignor != null && !config.consumerAssignors().contains(assignor)) {
            throw new Refusal(
                    ErrorCode.UNSUPPORTED_ASSIGNOR,
                    "There is no assignor %s on this broker, only %s"
                            .formatted(assignor, String.join(", ", config.consumerAssignors())));
        }
        checkPattern(request.subscribedTopicRegex());
    }

    private static void checkPattern(@Nullable String pattern) {
        if (pattern == null || pattern.isEmpty()) {
            return;
        }
        try {
            var _ = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new Refusal(
                    ErrorCode.INVALID_REGULAR_EXPRESSION,
                    "%s is not a regular expression of RE2: %s"
                            .formatted(pattern, e.getDescription()));
        }
    }

    private static boolean filled(@Nullable String text) {
        return text == null || !text.isBlank();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new Refusal(ErrorCode.INVALID_REQUEST, message);
        }
    }

    private static Optional<PartitionSet> owned(
            @Nullable List<ConsumerGroupHeartbeatRequest.TopicPartitions> topics) {
        if (topics == null) {
            return Optional.empty();
        }
        long claimed = 0;
        for (ConsumerGroupHeartbeatRequest.TopicPartitions topic : topics) {
            claimed += topic.partitions().stream().mapToLong(Integer::longValue).max().orElse(0);
        }
        require(claimed < CLAIMED_MAX, "There are no such partitions as the member says it owns");
        PartitionSet.Builder owned = PartitionSet.builder();
        for (ConsumerGroupHeartbeatRequest.TopicPartitions topic : topics) {
            topic.partitions().stream()
                    .filter(partition -> partition >= 0)
                    .forEach(partition -> owned.add(topic.topicId(), partition));
        }
        return Optional.of(owned.build());
    }

    private static ConsumerGroupHeartbeatResponse response(HeartbeatOutcome outcome) {
        return new ConsumerGroupHeartbeatResponse(
                0,
                outcome.error().code(),
                outcome.message().orElse(null),
                outcome.memberId().isEmpty() ? null : outcome.memberId(),
                outcome.epoch(),
                outcome.intervalMillis(),
                outcome.assignment().map(ConsumerGroupHeartbeatHandler::assignment).orElse(null));
    }

    private static Assignment assignment(PartitionSet own) {
        return new Assignment(
                own.topics().stream().map(id -> new TopicPartitions(id, own.of(id))).toList());
    }
}
