package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** Asks that a broker be forgotten. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record UnregisterBrokerRequest(int brokerId) implements RequestMessage {}
