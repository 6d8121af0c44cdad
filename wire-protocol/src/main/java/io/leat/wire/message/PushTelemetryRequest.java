package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;
import java.util.UUID;

/** A client's metrics, as OpenTelemetry's MetricsData (KIP-714). */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record PushTelemetryRequest(
        UUID clientInstanceId,
        int subscriptionId,
        boolean terminating,
        byte compressionType,
        ByteBuffer metrics)
        implements RequestMessage {}
