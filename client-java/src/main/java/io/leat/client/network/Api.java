package io.leat.client.network;

import io.leat.wire.ApiKey;
import io.leat.wire.message.Exchange;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.schema.MessageCodec;
import java.util.function.Supplier;

/**
 * A kind of request with its answer, in the versions that this client speaks. Codecs are looked up
 * when they are first needed.
 *
 * @param key which API
 * @param requestCodec the question
 * @param responseCodec the answer
 * @param versionMin the lowest version that has all that the client relies on
 * @param versionMax the highest version that the client knows how to use
 */
public record Api<Q extends RequestMessage, R extends ResponseMessage>(
        ApiKey key,
        Supplier<MessageCodec<Q>> requestCodec,
        Supplier<MessageCodec<R>> responseCodec,
        int versionMin,
        int versionMax) {

    /** An API in these versions. */
    public static <Q extends Record & RequestMessage, R extends Record & ResponseMessage>
            Api<Q, R> of(Exchange<Q, R> exchange, int versionMin, int versionMax) {
        return new Api<>(
                exchange.api(), exchange::request, exchange::response, versionMin, versionMax);
    }

    /** The name of the API, such as {@code Produce}. */
    public String name() {
        return key.apiName();
    }
}
