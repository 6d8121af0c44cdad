package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Tagged;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of each topic of a {@link CreateTopicsRequest}. */
@Message(from = 2, to = 7, flexibleFrom = 5)
public record CreateTopicsResponse(int throttleTimeMs, List<CreatableTopicResult> topics)
        implements ResponseMessage {

    /** One topic as created, or an error. */
    public record CreatableTopicResult(
            String name,
            @Since(7) @Ignorable UUID topicId,
            short errorCode,
            @Nullable String errorMessage,
            @Since(5) @Tagged(0) @Ignorable short topicConfigErrorCode,
            @Since(5) @Default("-1") @Ignorable int numPartitions,
            @Since(5) @Default("-1") @Ignorable short replicationFactor,
            @Since(5) @Default("") @Ignorable @Nullable List<CreatableTopicConfigs> configs) {}

    /** A setting of the new topic and where it comes from. */
    public record CreatableTopicConfigs(
            String name,
            @Nullable String value,
            boolean readOnly,
            byte configSource,
            boolean isSensitive) {}
}
