package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings that a {@link DescribeConfigsRequest} asked for. */
@Message(from = 1, to = 4, flexibleFrom = 4)
public record DescribeConfigsResponse(int throttleTimeMs, List<DescribeConfigsResult> results)
        implements ResponseMessage {

    /** One resource's settings, or an error. */
    public record DescribeConfigsResult(
            short errorCode,
            @Nullable String errorMessage,
            byte resourceType,
            String resourceName,
            List<DescribeConfigsResourceResult> configs) {}

    /** A setting, its value and where that comes from; a secret's value is null. */
    public record DescribeConfigsResourceResult(
            String name,
            @Nullable String value,
            boolean readOnly,
            byte configSource,
            boolean isSensitive,
            List<DescribeConfigsSynonym> synonyms,
            @Since(3) @Ignorable byte configType,
            @Since(3) @Default("") @Ignorable @Nullable String documentation) {}

    /** Another place that sets, or would set, the same thing. */
    public record DescribeConfigsSynonym(String name, @Nullable String value, byte source) {}
}
