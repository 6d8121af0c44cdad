package io.leat.broker.telemetry;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.PushTelemetryRequest;
import io.leat.wire.message.PushTelemetryResponse;
import io.leat.wire.record.Compression;
import io.leat.wire.record.InvalidBatchException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes what a client measured. */
final class PushTelemetryHandler
        implements ApiHandler<PushTelemetryRequest, PushTelemetryResponse> {
    private final Telemetry telemetry;

    PushTelemetryHandler(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public CompletionStage<PushTelemetryResponse> handle(
            RequestContext context, PushTelemetryRequest request) {
        return CompletableFuture.completedFuture(
                new PushTelemetryResponse(0, take(context, request).code()));
    }

    private ErrorCode take(RequestContext context, PushTelemetryRequest request) {
        if (request.clientInstanceId().equals(TopicIds.NONE)) {
            return ErrorCode.INVALID_REQUEST;
        }
        ClientDescription description = ClientDescription.of(request.clientInstanceId(), context);
        Telemetry.Wanted wanted = telemetry.wanted(description);
        Telemetry.Client client = telemetry.client(request.clientInstanceId());
        synchronized (client) {
            ErrorCode refusal = refusal(request, wanted, client);
            if (refusal != ErrorCode.NONE) {
                return refusal;
            }
            client.terminating = request.terminating();
        }
        if (wanted.metrics().isEmpty() || !request.metrics().hasRemaining()) {
            return ErrorCode.NONE;
        }
        try {
            ByteBuffer plain =
                    Compression.ofId(request.compressionType())
                            .orElse(Compression.NONE)
                            .inflate(request.metrics(), telemetry.pushBytesMax());
            telemetry.pushed().take(context.clientId(), wanted, OtlpMetrics.read(plain));
            return ErrorCode.NONE;
        } catch (InvalidTelemetryException | InvalidBatchException e) {
            return ErrorCode.INVALID_RECORD;
        }
    }

    private ErrorCode refusal(
            PushTelemetryRequest request, Telemetry.Wanted wanted, Telemetry.Client client) {
        if (client.terminating) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (!client.mayPush(telemetry.nowMillis(), wanted) && !request.terminating()) {
            return ErrorCode.THROTTLING_QUOTA_EXCEEDED;
        }
        if (request.subscriptionId() != wanted.id()) {
            return ErrorCode.UNKNOWN_SUBSCRIPTION_ID;
        }
        if (request.compressionType() < 0 || request.compressionType() > 4) {
            return ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
        }
        return request.metrics().remaining() > telemetry.pushBytesMax()
                ? ErrorCode.TELEMETRY_TOO_LARGE
                : ErrorCode.NONE;
    }
}
