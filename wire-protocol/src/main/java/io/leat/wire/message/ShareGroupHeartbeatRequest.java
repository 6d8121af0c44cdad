package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins a share group, stays in it, or leaves it (KIP-932).
 *
 * @param memberId made by the member, which keeps it as long as it lives
 * @param memberEpoch 0 joins, -1 leaves
 * @param subscribedTopicNames null where they did not change
 */
@Message(from = 1, to = 1, flexibleFrom = 0)
public record ShareGroupHeartbeatRequest(
        String groupId,
        String memberId,
        int memberEpoch,
        @Nullable String rackId,
        @Nullable List<String> subscribedTopicNames)
        implements RequestMessage {}
