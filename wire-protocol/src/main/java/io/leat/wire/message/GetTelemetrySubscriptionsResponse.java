package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import java.util.UUID;

/** Which metrics a client shall push, and how. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record GetTelemetrySubscriptionsResponse(
        int throttleTimeMs,
        short errorCode,
        UUID clientInstanceId,
        int subscriptionId,
        List<Byte> acceptedCompressionTypes,
        int pushIntervalMs,
        int telemetryMaxBytes,
        boolean deltaTemporality,
        List<String> requestedMetrics)
        implements ResponseMessage {}
