package io.leat.broker.group.share;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.AuthorizedOperations;
import io.leat.broker.api.RequestContext;
import io.leat.broker.group.assign.Topics.TopicInfo;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ShareGroupDescribeRequest;
import io.leat.wire.message.ShareGroupDescribeResponse;
import io.leat.wire.message.ShareGroupDescribeResponse.Assignment;
import io.leat.wire.message.ShareGroupDescribeResponse.DescribedGroup;
import io.leat.wire.message.ShareGroupDescribeResponse.Member;
import io.leat.wire.message.ShareGroupDescribeResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says how share groups stand. */
final class ShareGroupDescribeHandler
        implements ApiHandler<ShareGroupDescribeRequest, ShareGroupDescribeResponse> {
    private final ShareGroupMembers groups;

    ShareGroupDescribeHandler(ShareGroupMembers groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<ShareGroupDescribeResponse> handle(
            RequestContext context, ShareGroupDescribeRequest request) {
        return CompletableFuture.completedFuture(
                new ShareGroupDescribeResponse(
                        0,
                        request.groupIds().stream()
                                .map(groupId ->
                                        groups.find(groupId)
                                                .map(group ->
                                                        describe(
                                                                groupId,
                                                                group,
                                                                AuthorizedOperations.onGroup(
                                                                        context.connection()
                                                                                .access(),
                                                                        groupId,
                                                                        request
                                                                                .includeAuthorizedOperations())))
                                                .orElseGet(() -> missing(groupId)))
                                .toList()));
    }

    private static DescribedGroup describe(String groupId, ShareMembership group, int operations) {
        return new DescribedGroup(
                ErrorCode.NONE.code(),
                null,
                groupId,
                group.state(),
                group.epoch(),
                group.epoch(),
                ShareMembership.ASSIGNOR,
                group.members().stream().map(member -> describe(group, member)).toList(),
                operations);
    }

    private static Member describe(ShareMembership group, ShareMember member) {
        Map<UUID, List<Integer>> assigned = group.assignment(member.id());
        List<TopicPartitions> partitions = new ArrayList<>();
        for (TopicInfo topic : group.topics()) {
            if (assigned.containsKey(topic.id())) {
                partitions.add(
                        new TopicPartitions(topic.id(), topic.name(), assigned.get(topic.id())));
            }
        }
        return new Member(
                member.id(),
                member.rackId().orElse(null),
                group.epoch(),
                member.client().id(),
                member.client().host(),
                member.topics(),
                new Assignment(partitions));
    }

    private static DescribedGroup missing(String groupId) {
        return new DescribedGroup(
                ErrorCode.GROUP_ID_NOT_FOUND.code(),
                "There is no share group '" + groupId + "'",
                groupId,
                "Dead",
                0,
                0,
                "",
                List.of(),
                AuthorizedOperations.NOT_ASKED);
    }
}
