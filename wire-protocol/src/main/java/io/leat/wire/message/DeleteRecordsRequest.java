package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Deletes the oldest records of partitions. */
@Message(from = 0, to = 2, flexibleFrom = 2)
public record DeleteRecordsRequest(List<DeleteRecordsTopic> topics, int timeoutMs)
        implements RequestMessage {

    /** One topic's partitions. */
    public record DeleteRecordsTopic(String name, List<DeleteRecordsPartition> partitions) {}

    /** A partition and its first offset to keep; -1 keeps none. */
    public record DeleteRecordsPartition(int partitionIndex, long offset) {}
}
