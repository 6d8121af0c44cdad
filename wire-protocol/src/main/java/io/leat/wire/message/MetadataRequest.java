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

/** Asks for brokers, topics and partitions; null topics means all of them. */
@Message(from = 0, to = 13, flexibleFrom = 9)
public record MetadataRequest(
        @NullableSince(1) @Nullable List<MetadataRequestTopic> topics,
        @Since(4) @Default("true") boolean allowAutoTopicCreation,
        @Since(8) @Until(10) boolean includeClusterAuthorizedOperations,
        @Since(8) boolean includeTopicAuthorizedOperations)
        implements RequestMessage {

    /** A topic by name, or by id when the name is null. */
    public record MetadataRequestTopic(
            @Since(10) @Ignorable UUID topicId, @NullableSince(10) @Nullable String name) {}
}
