package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Lets a share group that has no members forget topics (KIP-932). */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record DeleteShareGroupOffsetsRequest(
        String groupId, List<DeleteShareGroupOffsetsRequestTopic> topics)
        implements RequestMessage {

    /** One topic. */
    public record DeleteShareGroupOffsetsRequestTopic(String topicName) {}
}
