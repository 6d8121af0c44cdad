package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/**
 * Asks for the erasure of every record of some keys from a topic, wherever they lie. Leat's own.
 *
 * @param erasureId the client's random name for it: asked again with the same one, after an answer
 *     that was lost, nothing is started twice
 * @param leaveTombstone whether a tombstone of each key that had records is to stay behind
 */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record LeatEraseKeysRequest(
        UUID erasureId, String topic, List<ByteBuffer> keys, boolean leaveTombstone)
        implements RequestMessage {}
