package io.leat.broker.group.consumer;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.group.assign.Topics;
import io.leat.broker.group.member.GroupsOf;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.wire.ApiKey;
import io.leat.wire.message.ConsumerGroupDescribeRequest;
import io.leat.wire.message.ConsumerGroupDescribeResponse;
import io.leat.wire.message.ConsumerGroupHeartbeatRequest;
import io.leat.wire.message.ConsumerGroupHeartbeatResponse;

/** The APIs by which clients are members of consumer groups. */
public final class ConsumerApis {
    private ConsumerApis() {}

    public static void register(
            ApiRegistry registry,
            GroupsOf<ConsumerMembership, ConsumerCommand> groups,
            GroupConfig config,
            Topics topics) {
        registry.add(
                        ApiKey.CONSUMER_GROUP_HEARTBEAT,
                        ConsumerGroupHeartbeatRequest.class,
                        ConsumerGroupHeartbeatResponse.class,
                        new ConsumerGroupHeartbeatHandler(groups, config))
                .add(
                        ApiKey.CONSUMER_GROUP_DESCRIBE,
                        ConsumerGroupDescribeRequest.class,
                        ConsumerGroupDescribeResponse.class,
                        new ConsumerGroupDescribeHandler(groups, config, topics));
    }
}
