package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks how erasures stand, those that run and those that ended. Leat's own.
 *
 * @param erasureIds which ones, or null for all
 * @param topic only those of topics of that name, or null for all
 * @param limit how many at the most, the youngest first
 */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record LeatDescribeErasuresRequest(
        @Nullable List<UUID> erasureIds, @Nullable String topic, int limit)
        implements RequestMessage {}
