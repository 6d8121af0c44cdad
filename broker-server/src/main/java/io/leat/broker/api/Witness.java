package io.leat.broker.api;

import io.leat.wire.ApiKey;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;

/** Sees what clients asked for and were answered, of some APIs. Any thread; must not wait. */
public interface Witness {
    /** Sees nothing. */
    Witness NONE =
            new Witness() {
                @Override
                public boolean watches(ApiKey api) {
                    return false;
                }

                @Override
                public void answered(
                        ApiKey api,
                        RequestContext context,
                        RequestMessage request,
                        ResponseMessage response) {}
            };

    /** Whether it wants to see an API. */
    boolean watches(ApiKey api);

    /** A request was answered. */
    void answered(
            ApiKey api, RequestContext context, RequestMessage request, ResponseMessage response);
}
