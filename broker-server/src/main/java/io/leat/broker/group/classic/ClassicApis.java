package io.leat.broker.group.classic;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.group.member.GroupsOf;
import io.leat.wire.ApiKey;
import io.leat.wire.message.DescribeGroupsRequest;
import io.leat.wire.message.DescribeGroupsResponse;
import io.leat.wire.message.HeartbeatRequest;
import io.leat.wire.message.HeartbeatResponse;
import io.leat.wire.message.JoinGroupRequest;
import io.leat.wire.message.JoinGroupResponse;
import io.leat.wire.message.LeaveGroupRequest;
import io.leat.wire.message.LeaveGroupResponse;
import io.leat.wire.message.SyncGroupRequest;
import io.leat.wire.message.SyncGroupResponse;

/** The APIs by which clients are members of classic groups. */
public final class ClassicApis {
    private ClassicApis() {}

    public static void register(
            ApiRegistry registry, GroupsOf<ClassicMembership, ClassicCommand> groups) {
        registry.add(
                        ApiKey.JOIN_GROUP,
                        JoinGroupRequest.class,
                        JoinGroupResponse.class,
                        new JoinGroupHandler(groups))
                .add(
                        ApiKey.SYNC_GROUP,
                        SyncGroupRequest.class,
                        SyncGroupResponse.class,
                        new SyncGroupHandler(groups))
                .add(
                        ApiKey.HEARTBEAT,
                        HeartbeatRequest.class,
                        HeartbeatResponse.class,
                        new HeartbeatHandler(groups))
                .add(
                        ApiKey.LEAVE_GROUP,
                        LeaveGroupRequest.class,
                        LeaveGroupResponse.class,
                        new LeaveGroupHandler(groups))
                .add(
                        ApiKey.DESCRIBE_GROUPS,
                        DescribeGroupsRequest.class,
                        DescribeGroupsResponse.class,
                        new DescribeGroupsHandler(groups));
    }
}
