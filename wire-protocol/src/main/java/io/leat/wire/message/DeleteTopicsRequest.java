package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Deletes topics; {@code topicNames} up to version 5, {@code topics} from 6. */
@Message(from = 1, to = 6, flexibleFrom = 4)
public record DeleteTopicsRequest(
        @Since(6) List<DeleteTopicState> topics,
        @Until(5) @Ignorable List<String> topicNames,
        int timeoutMs)
        implements RequestMessage {

    /** A topic by name, or by id when the name is null. */
    public record DeleteTopicState(@Nullable String name, UUID topicId) {}
}
