package io.leat.broker.access;

import static io.leat.broker.access.AccessCase.asking;
import static io.leat.wire.ErrorCode.GROUP_AUTHORIZATION_FAILED;

import io.leat.wire.ApiKey;
import io.leat.wire.message.AlterShareGroupOffsetsRequest;
import io.leat.wire.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestPartition;
import io.leat.wire.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic;
import io.leat.wire.message.DeleteShareGroupOffsetsRequest;
import io.leat.wire.message.DeleteShareGroupOffsetsRequest.DeleteShareGroupOffsetsRequestTopic;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse;
import io.leat.wire.message.ShareAcknowledgeRequest;
import io.leat.wire.message.ShareFetchRequest;
import io.leat.wire.message.ShareGroupDescribeRequest;
import io.leat.wire.message.ShareGroupDescribeResponse;
import io.leat.wire.message.ShareGroupHeartbeatRequest;
import java.util.List;

/** The requests of share groups. */
final class ShareAccessCases {
    private ShareAccessCases() {}

    static List<AccessCase> all() {
        return List.of(
                asking(
                                ApiKey.SHARE_FETCH,
                                2,
                                new ShareFetchRequest(
                                        "g", "m", 0, 0, 0, 0, 0, 0, (byte) 0, false, List.of(),
                                        List.of()))
                        .needs("READ GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.SHARE_ACKNOWLEDGE,
                                2,
                                new ShareAcknowledgeRequest("g", "m", 1, false, List.of()))
                        .needs("READ GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.SHARE_GROUP_HEARTBEAT,
                                1,
                                new ShareGroupHeartbeatRequest("g", "m", 0, null, List.of("t")))
                        .needs("READ GROUP g", "DESCRIBE TOPIC t")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.SHARE_GROUP_DESCRIBE,
                                1,
                                new ShareGroupDescribeRequest(List.of("g"), false))
                        .handled(new ShareGroupDescribeResponse(0, List.of()))
                        .needs("DESCRIBE GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                                1,
                                new DescribeShareGroupOffsetsRequest(
                                        List.of(
                                                new DescribeShareGroupOffsetsRequestGroup(
                                                        "g", null))))
                        .handled(new DescribeShareGroupOffsetsResponse(0, List.of()))
                        .needs("DESCRIBE GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.ALTER_SHARE_GROUP_OFFSETS,
                                0,
                                new AlterShareGroupOffsetsRequest(
                                        "g",
                                        List.of(
                                                new AlterShareGroupOffsetsRequestTopic(
                                                        "t",
                                                        List.of(
                                                                new AlterShareGroupOffsetsRequestPartition(
                                                                        0, 0))))))
                        .needs("READ GROUP g", "READ TOPIC t")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.DELETE_SHARE_GROUP_OFFSETS,
                                0,
                                new DeleteShareGroupOffsetsRequest(
                                        "g", List.of(new DeleteShareGroupOffsetsRequestTopic("t"))))
                        .needs("DELETE GROUP g", "READ TOPIC t")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED));
    }
}
