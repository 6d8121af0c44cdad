package io.leat.broker.access;

import static io.leat.broker.access.Operation.DELETE;
import static io.leat.broker.access.Operation.DESCRIBE;
import static io.leat.broker.access.Operation.READ;
import static io.leat.broker.access.ResourceType.CLUSTER;
import static io.leat.broker.access.ResourceType.CLUSTER_NAME;
import static io.leat.broker.access.ResourceType.GROUP;
import static io.leat.broker.access.ResourceType.TRANSACTIONAL_ID;

import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DeleteGroupsRequest;
import io.leat.wire.message.DeleteGroupsResponse;
import io.leat.wire.message.DeleteGroupsResponse.DeletableGroupResult;
import io.leat.wire.message.DescribeGroupsRequest;
import io.leat.wire.message.DescribeGroupsResponse;
import io.leat.wire.message.DescribeGroupsResponse.DescribedGroup;
import io.leat.wire.message.FindCoordinatorRequest;
import io.leat.wire.message.FindCoordinatorResponse;
import io.leat.wire.message.FindCoordinatorResponse.Coordinator;
import io.leat.wire.message.HeartbeatRequest;
import io.leat.wire.message.HeartbeatResponse;
import io.leat.wire.message.JoinGroupRequest;
import io.leat.wire.message.JoinGroupResponse;
import io.leat.wire.message.LeaveGroupRequest;
import io.leat.wire.message.LeaveGroupResponse;
import io.leat.wire.message.ListGroupsRequest;
import io.leat.wire.message.ListGroupsResponse;
import io.leat.wire.message.SyncGroupRequest;
import io.leat.wire.message.SyncGroupResponse;
import java.util.List;

/** The APIs of groups and their members. */
final class GroupRules {
    private static final short DENIED = GROUP.refusal().code();
    private static final String DENIED_TEXT = GROUP.refusal().message();
    private static final short NO_ERROR = ErrorCode.NONE.code();
    private static final int NOT_ASKED = Integer.MIN_VALUE;

    /** The first version of FindCoordinator that takes many keys. */
    private static final int FIND_MANY_SINCE = 4;

    private static final byte GROUP_KEY = 0;
    private static final byte TRANSACTION_KEY = 1;

    private GroupRules() {}

    static void addTo(AccessRules rules) {
        rules.add(
                        ApiKey.FIND_COORDINATOR,
                        FindCoordinatorRequest.class,
                        FindCoordinatorResponse.class,
                        GroupRules::findCoordinator)
                .add(
                        ApiKey.JOIN_GROUP,
                        JoinGroupRequest.class,
                        JoinGroupResponse.class,
                        GroupRules::join)
                .add(
                        ApiKey.SYNC_GROUP,
                        SyncGroupRequest.class,
                        SyncGroupResponse.class,
                        GroupRules::sync)
                .add(
                        ApiKey.HEARTBEAT,
                        HeartbeatRequest.class,
                        HeartbeatResponse.class,
                        GroupRules::heartbeat)
                .add(
                        ApiKey.LEAVE_GROUP,
                        LeaveGroupRequest.class,
                        LeaveGroupResponse.class,
                        GroupRules::leave)
                .add(
                        ApiKey.LIST_GROUPS,
                        ListGroupsRequest.class,
                        ListGroupsResponse.class,
                        GroupRules::list)
                .add(
                        ApiKey.DESCRIBE_GROUPS,
                        DescribeGroupsRequest.class,
                        DescribeGroupsResponse.class,
                        GroupRules::describe)
                .add(
                        ApiKey.DELETE_GROUPS,
                        DeleteGroupsRequest.class,
                        DeleteGroupsResponse.class,
                        GroupRules::delete);
    }

    private static Verdict<FindCoordinatorRequest, FindCoordinatorResponse> findCoordinator(
            Access access, short version, FindCoordinatorRequest request) {
        byte keyType = request.keyType();
        if (version < FIND_MANY_SINCE) {
            return Verdict.all(
                    mayFind(access, keyType, request.key()),
                    request,
                    new FindCoordinatorResponse(
                            0,
                            refusal(keyType).refusal().code(),
                            refusal(keyType).refusal().message(),
                            -1,
                            "",
                            -1,
                            List.of()));
        }
        return Split.<String>of(request.coordinatorKeys(), key -> mayFind(access, keyType, key))
                .verdict(
                        request,
                        allowed ->
                                new FindCoordinatorRequest(
                                        request.key(), request.keyType(), allowed),
                        key ->
                                new Coordinator(
                                        key,
                                        -1,
                                        "",
                                        -1,
                                        refusal(keyType).refusal().code(),
                                        refusal(keyType).refusal().message()),
                        refused ->
                                new FindCoordinatorResponse(0, NO_ERROR, null, 0, "", 0, refused),
                        (response, refused) ->
                                new FindCoordinatorResponse(
                                        response.throttleTimeMs(),
                                        response.errorCode(),
                                        response.errorMessage(),
                                        response.nodeId(),
                                        response.host(),
                                        response.port(),
                                        Split.joined(response.coordinators(), refused)));
    }

    private static ResourceType refusal(byte keyType) {
        return switch (keyType) {
            case GROUP_KEY -> GROUP;
            case TRANSACTION_KEY -> TRANSACTIONAL_ID;
            default -> CLUSTER; // share groups' partitions: only brokers look for those
        };
    }

    private static boolean mayFind(Access access, byte keyType, String key) {
        ResourceType type = refusal(keyType);
        return type == CLUSTER
                ? access.mayOnCluster(Operation.CLUSTER_ACTION)
                : access.may(DESCRIBE, type, key);
    }

    private static Verdict<JoinGroupRequest, JoinGroupResponse> join(
            Access access, short version, JoinGroupRequest request) {
        return Verdict.all(
                access.may(READ, GROUP, request.groupId()),
                request,
                JoinGroupResponse.failed(request.memberId(), GROUP.refusal()));
    }

    private static Verdict<SyncGroupRequest, SyncGroupResponse> sync(
            Access access, short version, SyncGroupRequest request) {
        return Verdict.all(
                access.may(READ, GROUP, request.groupId()),
                request,
                SyncGroupResponse.failed(GROUP.refusal()));
    }

    private static Verdict<HeartbeatRequest, HeartbeatResponse> heartbeat(
            Access access, short version, HeartbeatRequest request) {
        return Verdict.all(
                access.may(READ, GROUP, request.groupId()),
                request,
                new HeartbeatResponse(0, DENIED));
    }

    private static Verdict<LeaveGroupRequest, LeaveGroupResponse> leave(
            Access access, short version, LeaveGroupRequest request) {
        return Verdict.all(
                access.may(READ, GROUP, request.groupId()),
                request,
                new LeaveGroupResponse(0, DENIED, List.of()));
    }

    /** Who may describe the cluster sees all groups, others those that they may describe. */
    private static Verdict<ListGroupsRequest, ListGroupsResponse> list(
            Access access, short version, ListGroupsRequest request) {
        if (access.sees(DESCRIBE, CLUSTER, CLUSTER_NAME)) {
            return Verdict.pass(request);
        }
        return Verdict.pass(
                request,
                response ->
                        new ListGroupsResponse(
                                response.throttleTimeMs(),
                                response.errorCode(),
                                response.groups().stream()
                                        .filter(group ->
                                                access.sees(DESCRIBE, GROUP, group.groupId()))
                                        .toList()));
    }

    private static Verdict<DescribeGroupsRequest, DescribeGroupsResponse> describe(
            Access access, short version, DescribeGroupsRequest request) {
        return Split.<String>of(request.groups(), group -> access.may(DESCRIBE, GROUP, group))
                .verdict(
                        request,
                        allowed ->
                                new DescribeGroupsRequest(
                                        allowed, request.includeAuthorizedOperations()),
                        group ->
                                new DescribedGroup(
                                        DENIED,
                                        version >= 6 ? DENIED_TEXT : null,
                                        group,
                                        "",
                                        "",
                                        "",
                                        List.of(),
                                        NOT_ASKED),
                        refused -> new DescribeGroupsResponse(0, refused),
                        (response, refused) ->
                                new DescribeGroupsResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.groups(), refused)));
    }

    private static Verdict<DeleteGroupsRequest, DeleteGroupsResponse> delete(
            Access access, short version, DeleteGroupsRequest request) {
        return Split.<String>of(request.groupsNames(), group -> access.may(DELETE, GROUP, group))
                .verdict(
                        request,
                        DeleteGroupsRequest::new,
                        group -> new DeletableGroupResult(group, DENIED, DENIED_TEXT),
                        refused -> new DeleteGroupsResponse(0, refused),
                        (response, refused) ->
                                new DeleteGroupsResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.results(), refused)));
    }
}
