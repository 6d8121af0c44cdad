package io.leat.wire.schema;

import java.nio.ByteBuffer;

/** Where encoded bytes go, big-endian, one after the other. Used by one thread at a time. */
public interface WireSink {
    void putByte(byte value);

    void putShort(short value);

    void putInt(int value);

    void putLong(long value);

    /** All of {@code bytes}; the array may be reused after the call. */
    void putBytes(byte[] bytes);

    /** From position to limit, neither of which moves. The buffer may be reused after the call. */
    void putBuffer(ByteBuffer bytes);

    /** The bytes of a records field, by reference if the sink can. */
    void putPayload(Payload payload);

    /** Seven bits a byte, the lowest first, the top bit set on all bytes but the last. */
    default void putUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            putByte((byte) (rest | 0x80));
            rest >>>= 7;
        }
        putByte((byte) rest);
    }
}
