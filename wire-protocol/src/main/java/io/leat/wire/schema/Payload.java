package io.leat.wire.schema;

import java.nio.ByteBuffer;

/**
 * Bytes of a records field. A decoded one is a slice of the input; a broker may bring its own kind,
 * for bytes that live in a file, and recognise it in {@link WireSink#putPayload}.
 */
public interface Payload {
    /** No records. */
    Payload EMPTY = new OfBuffer(ByteBuffer.allocate(0).asReadOnlyBuffer());

    /** The size in bytes. */
    int sizeBytes();

    /** The bytes from position to limit: {@link #sizeBytes} of them. Nobody may move either. */
    ByteBuffer bytes();

    /** Bytes in memory. */
    record OfBuffer(ByteBuffer bytes) implements Payload {
        @Override
        public int sizeBytes() {
            return bytes.remaining();
        }
    }
}
