package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a consumer says when it joins a group: the topics it wants and the partitions it owns. */
@Message(from = 0, to = 3)
public record ConsumerProtocolSubscription(
        List<String> topics,
        @Nullable ByteBuffer userData,
        @Since(1) @Ignorable List<TopicPartition> ownedPartitions,
        @Since(2) @Default("-1") @Ignorable int generationId,
        @Since(3) @Ignorable @Nullable String rackId) {

    /** One topic's partitions. */
    public record TopicPartition(String topic, List<Integer> partitions) {}
}
