package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** Chooses the SASL mechanism by which the client will authenticate. */
@Message(from = 0, to = 1)
public record SaslHandshakeRequest(String mechanism) implements RequestMessage {}
