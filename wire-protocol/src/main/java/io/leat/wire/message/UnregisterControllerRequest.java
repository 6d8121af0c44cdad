package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** Asks that a controller be forgotten. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record UnregisterControllerRequest(int controllerId) implements RequestMessage {}
