package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks that partitions elect their leaders (KIP-460). */
@Message(from = 0, to = 2, flexibleFrom = 2)
public record ElectLeadersRequest(
        @Since(1) byte electionType,
        @Nullable List<TopicPartitions> topicPartitions,
        @Default("60000") int timeoutMs)
        implements RequestMessage {

    /** A topic's partitions. */
    public record TopicPartitions(String topic, List<Integer> partitions) {}
}
