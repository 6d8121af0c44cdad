package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the delayed records of a topic that are pending. Leat's own.
 *
 * @param cancelKey only those with this cancel key, or null for all
 * @param limit how many at the most, the first that are due first
 */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record LeatListDelayedRequest(String topic, @Nullable ByteBuffer cancelKey, int limit)
        implements RequestMessage {}
