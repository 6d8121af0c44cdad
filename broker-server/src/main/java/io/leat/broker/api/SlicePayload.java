package io.leat.broker.api;

import io.leat.storage.api.LogSlice;
import io.leat.wire.schema.Payload;
import java.nio.ByteBuffer;

/**
 * Leased bytes of a log as a records field. The lease is the request scope's to end.
 *
 * @param slice the bytes
 */
public record SlicePayload(LogSlice slice) implements Payload {
    @Override
    public int sizeBytes() {
        return slice.sizeBytes();
    }

    @Override
    public ByteBuffer bytes() {
        return slice.bytes();
    }
}
