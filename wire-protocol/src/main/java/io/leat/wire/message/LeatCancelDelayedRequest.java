package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Cancels the delayed records of a topic that have some cancel keys. Leat's own.
 *
 * @param keys the value of their header leat-delay-key, or their own keys where they have none
 */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record LeatCancelDelayedRequest(String topic, List<ByteBuffer> keys)
        implements RequestMessage {}
