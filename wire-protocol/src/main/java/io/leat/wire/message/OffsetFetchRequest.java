package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.NullableSince;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks for stored offsets; of one group up to version 7, of many from 8. */
@Message(from = 1, to = 10, flexibleFrom = 6)
public record OffsetFetchRequest(
        @Until(7) String groupId,
        @Until(7) @NullableSince(2) @Default("") @Nullable List<OffsetFetchRequestTopic> topics,
        @Since(8) List<OffsetFetchRequestGroup> groups,
        @Since(7) boolean requireStable)
        implements RequestMessage {

    /** One topic's partitions. */
    public record OffsetFetchRequestTopic(String name, List<Integer> partitionIndexes) {}

    /** A group and the partitions wanted; null topics means all of them. */
    public record OffsetFetchRequestGroup(
            String groupId,
            @Since(9) @Ignorable @Nullable String memberId,
            @Since(9) @Default("-1") @Ignorable int memberEpoch,
            @Nullable List<OffsetFetchRequestTopics> topics) {}

    /** One topic's partitions; named by name up to version 9, by id from 10. */
    public record OffsetFetchRequestTopics(
            @Until(9) @Ignorable String name,
            @Since(10) @Ignorable UUID topicId,
            List<Integer> partitionIndexes) {}
}
