package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Whether replicas may move. */
@Message(from = 1, to = 2, flexibleFrom = 2)
public record AlterReplicaLogDirsResponse(
        int throttleTimeMs, List<AlterReplicaLogDirTopicResult> results)
        implements ResponseMessage {

    /** A topic's outcomes. */
    public record AlterReplicaLogDirTopicResult(
            String topicName, List<AlterReplicaLogDirPartitionResult> partitions) {}

    /** One partition's outcome. */
    public record AlterReplicaLogDirPartitionResult(int partitionIndex, short errorCode) {}
}
