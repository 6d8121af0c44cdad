package io.leat.broker.group.consumer;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.AuthorizedOperations;
import io.leat.broker.api.RequestContext;
import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.assign.Topics;
import io.leat.broker.group.assign.Topics.TopicInfo;
import io.leat.broker.group.member.GroupsOf;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.ConsumerGroupDescribeRequest;
import io.leat.wire.message.ConsumerGroupDescribeResponse;
import io.leat.wire.message.ConsumerGroupDescribeResponse.Assignment;
import io.leat.wire.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.leat.wire.message.ConsumerGroupDescribeResponse.Member;
import io.leat.wire.message.ConsumerGroupDescribeResponse.TopicPartitions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Describes consumer groups with their members, what these own and what they are to own. */
final class ConsumerGroupDescribeHandler
        implements ApiHandler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> {
    private static final byte SPEAKS_CLASSIC = 0;
    private static final byte SPEAKS_CONSUMER = 1;

    private final GroupsOf<ConsumerMembership, ConsumerCommand> groups;
    private final GroupConfig config;
    private final Topics topics;

    ConsumerGroupDescribeHandler(
            GroupsOf<ConsumerMembership, ConsumerCommand> groups,
            GroupConfig config,
            Topics topics) {
        this.groups = groups;
        this.config = config;
        this.topics = topics;
    }

    @Override
    public CompletionStage<ConsumerGroupDescribeResponse> handle(
            RequestContext context, ConsumerGroupDescribeRequest request) {
        boolean withOperations = request.includeAuthorizedOperations();
        return CompletableFuture.completedFuture(
                new ConsumerGroupDescribeResponse(
                        0,
                        request.groupIds().stream()
                                .map(id ->
                                        groups.find(id)
                                                .map(group ->
                                                        describe(
                                                                id,
                                                                group,
                                                                AuthorizedOperations.onGroup(
                                                                        context.access(),
                                                                        id,
                                                                        withOperations)))
                                                .orElseGet(() -> missing(id)))
                                .toList()));
    }

    private DescribedGroup describe(String groupId, ConsumerMembership group, int operations) {
        return new DescribedGroup(
                ErrorCode.NONE.code(),
                null,
                groupId,
                group.state(),
                group.epoch(),
                group.target().epoch(),
                group.assignor().isEmpty()
                        ? config.consumerAssignors().getFirst()
                        : group.assignor(),
                group.all().stream().map(member -> describe(group, member)).toList(),
                operations);
    }

    private Member describe(ConsumerMembership group, ConsumerMember member) {
        return new Member(
                member.id(),
                member.instanceId().orElse(null),
                member.rackId().orElse(null),
                member.standing().epoch(),
                member.client().id(),
                member.client().host(),
                List.copyOf(member.subscription().names()),
                member.subscription().pattern().orElse(null),
                assignment(member.standing().assigned()),
                assignment(group.target().of(member.id())),
                member.isClassic() ? SPEAKS_CLASSIC : SPEAKS_CONSUMER);
    }

    private Assignment assignment(PartitionSet partitions) {
        return new Assignment(
                partitions.topics().stream()
                        .map(id ->
                                new TopicPartitions(
                                        id,
                                        topics.find(id)
                                                .map(TopicInfo::name)
                                                .orElseGet(() -> TopicIds.text(id)),
                                        partitions.of(id)))
                        .toList());
    }

    private static DescribedGroup missing(String groupId) {
        return new DescribedGroup(
                ErrorCode.GROUP_ID_NOT_FOUND.code(),
                "There is no consumer group '" + groupId + "'",
                groupId,
                "",
                0,
                0,
                "",
                List.of(),
                AuthorizedOperations.NOT_ASKED);
    }
}
