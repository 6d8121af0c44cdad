package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;

/** Asks which broker coordinates groups or transactions; one key up to version 3, many from 4. */
@Message(from = 0, to = 6, flexibleFrom = 3)
public record FindCoordinatorRequest(
        @Until(3) String key, @Since(1) byte keyType, @Since(4) List<String> coordinatorKeys)
        implements RequestMessage {}
