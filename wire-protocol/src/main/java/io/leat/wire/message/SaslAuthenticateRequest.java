package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;

/** One message of the client in a SASL exchange (KIP-152). */
@Message(from = 0, to = 2, flexibleFrom = 2)
public record SaslAuthenticateRequest(ByteBuffer authBytes) implements RequestMessage {}
