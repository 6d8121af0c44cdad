package io.leat.broker.api;

import io.leat.wire.ApiKey;
import io.leat.wire.message.ResponseMessage;

/** Told of every request that was answered, for metrics. Called by any thread: count and return. */
@FunctionalInterface
public interface RequestObserver {
    RequestObserver NONE = (api, response, nanos) -> {};

    /**
     * A request was answered.
     *
     * @param nanos how long it took, from the whole frame to the finished response
     */
    void answered(ApiKey api, ResponseMessage response, long nanos);
}
