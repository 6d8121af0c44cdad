package io.leat.broker.group.streams;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.group.member.GroupsOf;
import io.leat.wire.ApiKey;
import io.leat.wire.message.StreamsGroupDescribeRequest;
import io.leat.wire.message.StreamsGroupDescribeResponse;
import io.leat.wire.message.StreamsGroupHeartbeatRequest;
import io.leat.wire.message.StreamsGroupHeartbeatResponse;

/** The APIs by which clients are members of streams groups. */
public final class StreamsApis {
    private StreamsApis() {}

    public static void register(
            ApiRegistry registry,
            GroupsOf<StreamsMembership, StreamsCommand> groups,
            InternalTopics topics) {
        registry.add(
                        ApiKey.STREAMS_GROUP_HEARTBEAT,
                        StreamsGroupHeartbeatRequest.class,
                        StreamsGroupHeartbeatResponse.class,
                        new StreamsGroupHeartbeatHandler(groups, topics))
                .add(
                        ApiKey.STREAMS_GROUP_DESCRIBE,
                        StreamsGroupDescribeRequest.class,
                        StreamsGroupDescribeResponse.class,
                        new StreamsGroupDescribeHandler(groups));
    }
}
