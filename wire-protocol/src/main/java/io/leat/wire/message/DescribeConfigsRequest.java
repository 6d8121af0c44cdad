package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for the settings of topics, brokers and other resources. */
@Message(from = 1, to = 4, flexibleFrom = 4)
public record DescribeConfigsRequest(
        List<DescribeConfigsResource> resources,
        boolean includeSynonyms,
        @Since(3) boolean includeDocumentation)
        implements RequestMessage {

    /** A resource and the settings wanted; null keys means all of them. */
    public record DescribeConfigsResource(
            byte resourceType, String resourceName, @Nullable List<String> configurationKeys) {}
}
