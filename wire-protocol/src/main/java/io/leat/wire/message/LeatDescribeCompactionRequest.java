package io.leat.wire.message;

import io.leat.wire.schema.Message;

/**
 * Asks how the compaction of a topic stands. Leat's own.
 *
 * @param topic its name
 */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record LeatDescribeCompactionRequest(String topic) implements RequestMessage {}
