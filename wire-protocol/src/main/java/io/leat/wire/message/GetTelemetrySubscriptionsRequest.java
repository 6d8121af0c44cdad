package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.UUID;

/** Asks which metrics a client shall push (KIP-714). */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record GetTelemetrySubscriptionsRequest(UUID clientInstanceId) implements RequestMessage {}
