package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One message of the broker in a SASL exchange; the last one may say how long it holds (KIP-368).
 */
@Message(from = 0, to = 2, flexibleFrom = 2)
public record SaslAuthenticateResponse(
        short errorCode,
        @Nullable String errorMessage,
        ByteBuffer authBytes,
        @Since(1) @Ignorable long sessionLifetimeMs)
        implements ResponseMessage {}
