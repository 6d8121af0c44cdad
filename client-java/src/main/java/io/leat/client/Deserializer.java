package io.leat.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes a key or a value of bytes. Never called with null: a null on the wire is a null key or
 * value.
 *
 * <p>Called on the thread that calls {@link Consumer#poll}. What it throws, {@code poll} throws as
 * a {@link RecordDeserializationException} that names the record.
 */
@FunctionalInterface
public interface Deserializer<T> {
    /**
     * The key or value that the bytes stand for.
     *
     * @param topic where the record comes from
     * @param bytes from position to limit; a view of a larger buffer that is never changed again
     */
    T deserialize(String topic, ByteBuffer bytes);

    /** A copy of the bytes. */
    static Deserializer<byte[]> bytes() {
        return (topic, bytes) -> {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(bytes.position(), copy);
            return copy;
        };
    }

    /** Text in UTF-8; what is not UTF-8 becomes U+FFFD. */
    static Deserializer<String> utf8() {
        return (topic, bytes) -> StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /** Eight bytes, big-endian. */
    static Deserializer<Long> int64() {
        return (topic, bytes) -> sized(bytes, Long.BYTES).getLong(bytes.position());
    }

    /** Four bytes, big-endian. */
    static Deserializer<Integer> int32() {
        return (topic, bytes) -> sized(bytes, Integer.BYTES).getInt(bytes.position());
    }

    /**
     * The view itself, without a copy. As long as it is kept, so is all that was fetched together
     * with it.
     */
    static Deserializer<ByteBuffer> byteBuffer() {
        return (topic, bytes) -> bytes;
    }

    private static ByteBuffer sized(ByteBuffer bytes, int sizeBytes) {
        if (bytes.remaining() != sizeBytes) {
            throw new IllegalArgumentException(
                    "expected " + sizeBytes + " bytes and got " + bytes.remaining());
        }
        return bytes;
    }
}
