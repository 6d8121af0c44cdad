package io.leat.broker.api;

import io.leat.wire.message.ApiVersionsRequest;
import io.leat.wire.message.ApiVersionsResponse;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchResponse;
import io.leat.wire.message.FindCoordinatorRequest;
import io.leat.wire.message.FindCoordinatorResponse;
import io.leat.wire.message.InitProducerIdRequest;
import io.leat.wire.message.InitProducerIdResponse;
import io.leat.wire.message.ListOffsetsRequest;
import io.leat.wire.message.ListOffsetsResponse;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataResponse;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.ProduceResponse;
import io.leat.wire.message.RequestHeader;
import io.leat.wire.message.ResponseHeader;
import io.leat.wire.schema.MessageCodec;
import java.util.List;

/**
 * Derives the codecs of what every client asks first, beside the start of the broker: a cold
 * process takes a millisecond for each, and the first client would wait for all of them in turn.
 */
public final class FirstRequests {
    private static final List<Class<? extends Record>> MESSAGES =
            List.of(
                    RequestHeader.class,
                    ResponseHeader.class,
                    ApiVersionsRequest.class,
                    ApiVersionsResponse.class,
                    MetadataRequest.class,
                    MetadataResponse.class,
                    FetchRequest.class,
                    FetchResponse.class,
                    ListOffsetsRequest.class,
                    ListOffsetsResponse.class,
                    ProduceRequest.class,
                    ProduceResponse.class,
                    InitProducerIdRequest.class,
                    InitProducerIdResponse.class,
                    FindCoordinatorRequest.class,
                    FindCoordinatorResponse.class);

    private FirstRequests() {}

    /** Begins, on a thread that ends by itself. */
    public static void prepare() {
        var _ = Thread.ofPlatform().daemon().name("leat-codecs").start(FirstRequests::derive);
    }

    static void derive() {
        for (Class<? extends Record> message : MESSAGES) {
            MessageCodec<?> codec = MessageCodec.of(message);
            codec.prepare(codec.highestVersion());
        }
    }
}
