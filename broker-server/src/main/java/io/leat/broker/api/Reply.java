package io.leat.broker.api;

import io.leat.wire.schema.WireSink;

/** A reply that is ready to be sent. */
@FunctionalInterface
public interface Reply {
    /** Writes header and body, without the size in front. Once. */
    void encode(WireSink out);
}
