package io.leat.wire.schema;

import java.nio.ByteBuffer;

/** Bytes of a records field. */
public interface Payload {
    /** The size in bytes. */
    int sizeBytes();

    record OfBuffer(ByteBuffer bytes) implements Payload {
        @Override
        public int sizeBytes() {
            return bytes.remaining();
        }
    }
}
