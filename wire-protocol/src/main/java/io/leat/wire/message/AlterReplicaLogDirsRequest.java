package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Asks that replicas move to other log directories. */
@Message(from = 1, to = 2, flexibleFrom = 2)
public record AlterReplicaLogDirsRequest(List<AlterReplicaLogDir> dirs) implements RequestMessage {

    /** A directory and what is to move there. */
    public record AlterReplicaLogDir(String path, List<AlterReplicaLogDirTopic> topics) {}

    /** A topic's partitions that are to move. */
    public record AlterReplicaLogDirTopic(String name, List<Integer> partitions) {}
}
