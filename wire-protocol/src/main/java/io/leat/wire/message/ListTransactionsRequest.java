package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for the transactional ids (KIP-664), all or some. */
@Message(from = 0, to = 2, flexibleFrom = 0)
public record ListTransactionsRequest(
        List<String> stateFilters,
        List<Long> producerIdFilters,
        @Since(1) @Default("-1") long durationFilter,
        @Since(2) @Nullable String transactionalIdPattern)
        implements RequestMessage {}
