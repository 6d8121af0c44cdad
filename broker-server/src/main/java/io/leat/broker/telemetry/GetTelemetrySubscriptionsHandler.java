package io.leat.broker.telemetry;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.GetTelemetrySubscriptionsRequest;
import io.leat.wire.message.GetTelemetrySubscriptionsResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells a client which metrics to push, and gives it an id to do so. */
final class GetTelemetrySubscriptionsHandler
        implements ApiHandler<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse> {
    /** zstd, lz4, gzip, snappy and none, best first. */
    private static final List<Byte> CODECS =
            List.of((byte) 4, (byte) 3, (byte) 1, (byte) 2, (byte) 0);

    private final Telemetry telemetry;

    GetTelemetrySubscriptionsHandler(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public CompletionStage<GetTelemetrySubscriptionsResponse> handle(
            RequestContext context, GetTelemetrySubscriptionsRequest request) {
        UUID id =
                request.clientInstanceId().equals(TopicIds.NONE)
                        ? UUID.randomUUID()
                        : request.clientInstanceId();
        Telemetry.Wanted wanted = telemetry.wanted(ClientDescription.of(id, context));
        Telemetry.Client client = telemetry.client(id);
        boolean allowed;
        synchronized (client) {
            allowed = client.mayAsk(telemetry.nowMillis(), wanted);
        }
        return CompletableFuture.completedFuture(
                allowed
                        ? response(ErrorCode.NONE, id, wanted)
                        : response(
                                ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                                TopicIds.NONE,
                                new Telemetry.Wanted(0, List.of(), 0)));
    }

    private GetTelemetrySubscriptionsResponse response(
            ErrorCode error, UUID id, Telemetry.Wanted wanted) {
        // An empty prefix stands for all metrics (KIP-714).
        List<String> metrics =
                wanted.metrics().contains("*") ? List.of("") : List.copyOf(wanted.metrics());
        return new GetTelemetrySubscriptionsResponse(
                0,
                error.code(),
                id,
                wanted.id(),
                error == ErrorCode.NONE ? CODECS : List.of(),
                wanted.intervalMillis(),
                telemetry.pushBytesMax(),
                true,
                metrics);
    }
}
