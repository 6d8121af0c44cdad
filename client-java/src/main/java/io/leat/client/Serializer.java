package io.leat.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Turns a key or a value into bytes. Never called with null: a null key or value is a null on the
 * wire.
 *
 * <p>Called on the threads that call {@link Producer#send}, possibly on several at once. What it
 * throws, {@code send} throws.
 */
@FunctionalInterface
public interface Serializer<T> {
    /**
     * The bytes of a key or value.
     *
     * @param topic where the record goes
     */
    byte[] serialize(String topic, T data);

    /**
     * Bytes as they are. The array is not copied before the record is batched, which {@code send}
     * does before it returns.
     */
    static Serializer<byte[]> bytes() {
        return (topic, data) -> data;
    }

    /** Text in UTF-8. */
    static Serializer<String> utf8() {
        return (topic, data) -> data.getBytes(StandardCharsets.UTF_8);
    }

    /** Eight bytes, big-endian. */
    static Serializer<Long> int64() {
        return (topic, data) -> ByteBuffer.allocate(Long.BYTES).putLong(data).array();
    }

    /** Four bytes, big-endian. */
    static Serializer<Integer> int32() {
        return (topic, data) -> ByteBuffer.allocate(Integer.BYTES).putInt(data).array();
    }

    /** The bytes from position to limit; the buffer's position stays as it is. */
    static Serializer<ByteBuffer> byteBuffer() {
        return (topic, data) -> {
            byte[] bytes = new byte[data.remaining()];
            data.get(data.position(), bytes);
            return bytes;
        };
    }
}
