package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** What precedes every response: the number of the request it answers. */
@Message(from = 0, to = 1, flexibleFrom = 1)
public record ResponseHeader(int correlationId) {}
