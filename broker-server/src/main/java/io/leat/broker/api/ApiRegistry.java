package io.leat.broker.api;

import io.leat.wire.ApiKey;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.schema.MessageCodec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The APIs that the broker serves, each with its handler. What is in here is what ApiVersions
 * advertises, and nothing else.
 *
 * <p>Filled once, where the broker is composed, before the first request comes in; from then on it
 * is only read, by any thread.
 */
public final class ApiRegistry {
    private final Map<ApiKey, Api<?, ?>> apis = new EnumMap<>(ApiKey.class);

    /**
     * One served API.
     *
     * @param key its number and name
     * @param requests how its requests are read; its versions are the ones that are served
     * @param responses how its responses are written
     * @param handler who answers
     */
    public record Api<Q extends Record & RequestMessage, R extends Record & ResponseMessage>(
            ApiKey key,
            MessageCodec<Q> requests,
            MessageCodec<R> responses,
            ApiHandler<Q, R> handler) {
        public short lowestVersion() {
            return requests.lowestVersion();
        }

        public short highestVersion() {
            return requests.highestVersion();
        }

        public boolean supports(short version) {
            return requests.supports(version);
        }
    }

    /**
     * Serves an API in every version that its messages have.
     *
     * @throws IllegalStateException when it is served already
     */
    public <Q extends Record & RequestMessage, R extends Record & ResponseMessage> ApiRegistry add(
            ApiKey key, Class<Q> request, Class<R> response, ApiHandler<Q, R> handler) {
        Api<Q, R> api =
                new Api<>(key, MessageCodec.of(request), MessageCodec.of(response), handler);
        if (apis.putIfAbsent(key, api) != null) {
            throw new IllegalStateException(key + " has a handler already");
        }
        return this;
    }

    /** The API of that number, if it is served. */
    public Optional<Api<?, ?>> find(short id) {
        Optional<ApiKey> key = ApiKey.of(id);
        return key.isEmpty() ? Optional.empty() : Optional.ofNullable(apis.get(key.get()));
    }

    /** Every served API, by number. */
    public List<Api<?, ?>> all() {
        return List.copyOf(apis.values());
    }
}
