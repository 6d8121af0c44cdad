package io.leat.broker.coordinator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes keys and values of the state store: big-endian numbers, so that keys sort as their numbers
 * do; strings in UTF-8 and bytes behind their int32 length; -1 in place of the length where there
 * is none.
 */
public final class StateOutput {
    private ByteBuffer buffer;

    public StateOutput() {
        buffer = ByteBuffer.allocate(128);
    }

    public StateOutput int8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public StateOutput int32(int value) {
        room(4).putInt(value);
        return this;
    }

    public StateOutput int64(long value) {
        room(8).putLong(value);
        return this;
    }

    /** A number that is not negative, in as many groups of 7 bits as it needs, the lowest first. */
    public StateOutput varint(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative: " + value);
        }
        long rest = value;
        while (rest > 0x7f) {
            int8((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        return int8((int) rest);
    }

    public StateOutput string(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public StateOutput string(Optional<String> value) {
        return value.isPresent() ? string(value.get()) : int32(-1);
    }

    public StateOutput bytes(byte[] value) {
        room(4 + value.length).putInt(value.length).put(value);
        return this;
    }

    /** The bytes as they are, without their length; only at the end of a key can they be told. */
    public StateOutput raw(byte[] value) {
        room(value.length).put(value);
        return this;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int needed = Math.addExact(buffer.position(), bytes);
            int size = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * needed);
            buffer = ByteBuffer.allocate(size).put(buffer.flip());
        }
        return buffer;
    }
}
