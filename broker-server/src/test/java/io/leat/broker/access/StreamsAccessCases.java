package io.leat.broker.access;

import static io.leat.broker.access.AccessCase.asking;
import static io.leat.wire.ErrorCode.GROUP_AUTHORIZATION_FAILED;

import io.leat.wire.ApiKey;
import io.leat.wire.message.StreamsGroupDescribeRequest;
import io.leat.wire.message.StreamsGroupDescribeResponse;
import io.leat.wire.message.StreamsGroupHeartbeatRequest;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.Subtopology;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.TopicInfo;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.Topology;
import java.util.List;

/** The requests of streams groups. */
final class StreamsAccessCases {
    private StreamsAccessCases() {}

    static List<AccessCase> all() {
        return List.of(
                asking(ApiKey.STREAMS_GROUP_HEARTBEAT, 1, heartbeat())
                        .needs(
                                "READ GROUP g",
                                "DESCRIBE TOPIC t",
                                "DESCRIBE TOPIC sink",
                                "DESCRIBE TOPIC repartition",
                                "DESCRIBE TOPIC changelog")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.STREAMS_GROUP_DESCRIBE,
                                1,
                                new StreamsGroupDescribeRequest(List.of("g"), false, false))
                        .handled(new StreamsGroupDescribeResponse(0, List.of()))
                        .needs("DESCRIBE GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED));
    }

    private static StreamsGroupHeartbeatRequest heartbeat() {
        return new StreamsGroupHeartbeatRequest(
                "g",
                "m",
                0,
                -1,
                null,
                null,
                1,
                new Topology(
                        0,
                        List.of(
                                new Subtopology(
                                        "0",
                                        List.of("t"),
                                        List.of(),
                                        List.of(topic("changelog")),
                                        List.of("sink"),
                                        List.of(topic("repartition")),
                                        List.of()))),
                List.of(),
                List.of(),
                List.of(),
                "p",
                null,
                List.of(),
                null,
                null,
                false);
    }

    private static TopicInfo topic(String name) {
        return new TopicInfo(name, 0, (short) 0, List.of());
    }
}
