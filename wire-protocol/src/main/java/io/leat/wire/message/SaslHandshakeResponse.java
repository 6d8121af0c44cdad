package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Whether the mechanism of a {@link SaslHandshakeRequest} is there, and which are. */
@Message(from = 0, to = 1)
public record SaslHandshakeResponse(short errorCode, List<String> mechanisms)
        implements ResponseMessage {}
