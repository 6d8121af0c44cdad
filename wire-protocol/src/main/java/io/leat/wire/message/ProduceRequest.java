package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Payload;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Appends record batches to partitions. */
@Message(from = 3, to = 13, flexibleFrom = 9)
public record ProduceRequest(
        @Nullable String transactionalId,
        short acks,
        int timeoutMs,
        List<TopicProduceData> topicData)
        implements RequestMessage {

    /** One topic's batches; named by name up to version 12, by id from 13. */
    public record TopicProduceData(
            @Until(12) @Ignorable String name,
            @Since(13) @Ignorable UUID topicId,
            List<PartitionProduceData> partitionData) {}

    /** One partition's records: a single record batch of magic 2. */
    public record PartitionProduceData(int index, @Nullable Payload records) {}
}
