package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was cancelled, durably.
 *
 * @param cancelled how many records of each key, in the order of the request
 */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record LeatCancelDelayedResponse(
        int throttleTimeMs, short errorCode, @Nullable String errorMessage, List<Integer> cancelled)
        implements ResponseMessage {}
