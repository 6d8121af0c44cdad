package io.leat.broker.coordinator;

import io.leat.storage.api.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads what {@link StateOutput} wrote. Every length is checked against what is there; bytes that
 * are not what was written end in a {@link StorageException} that names the entry.
 */
public final class StateInput {
    private final String entry;
    private final ByteBuffer buffer;

    /**
     * @param entry what is read, for messages
     */
    public StateInput(String entry, byte[] bytes) {
        this.entry = entry;
        this.buffer = ByteBuffer.wrap(bytes);
    }

    /** Reads the version that stands first in every value, from 1 to {@code highest}. */
    public int version(int highest) {
        int version = int8();
        if (version < 1 || version > highest) {
            throw new StorageException(
                    "%s has format version %d, and this version of Leat reads 1 to %d"
                            .formatted(entry, version, highest));
        }
        return version;
    }

    public byte int8() {
        return need(1).get();
    }

    public int int32() {
        return need(4).getInt();
    }

    public long int64() {
        return need(8).getLong();
    }

    /** Reads what {@link StateOutput#varint} wrote. */
    public long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte group = int8();
            value |= (group & 0x7fL) << shift;
            if (group >= 0) {
                if (value < 0) {
                    throw damaged();
                }
                return value;
            }
        }
        throw damaged();
    }

    public String string() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    public Optional<String> optionalString() {
        int length = int32();
        return length == -1
                ? Optional.empty()
                : Optional.of(new String(take(length), StandardCharsets.UTF_8));
    }

    public byte[] bytes() {
        return take(int32());
    }

    /** Bytes behind their length, or nothing where that is -1. */
    public Optional<byte[]> optionalBytes() {
        int length = int32();
        return length == -1 ? Optional.empty() : Optional.of(take(length));
    }

    /** How many elements follow, each of at least one byte. */
    public int count() {
        int count = int32();
        if (count < 0 || count > buffer.remaining()) {
            throw damaged();
        }
        return count;
    }

    /** Passes over {@code bytes} that the caller knows, such as a key's prefix. */
    public void skip(int bytes) {
        need(bytes).position(buffer.position() + bytes);
    }

    /** Whether anything is left to read. */
    public boolean hasMore() {
        return buffer.hasRemaining();
    }

    /** Checks that all was read. */
    public void end() {
        if (buffer.hasRemaining()) {
            throw damaged();
        }
    }

    private byte[] take(int length) {
        if (length < 0) {
            throw damaged();
        }
        need(length);
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    private ByteBuffer need(int bytes) {
        if (buffer.remaining() < bytes) {
            throw damaged();
        }
        return buffer;
    }

    /** Says that the entry is not what was written. */
    public StorageException damaged() {
        return new StorageException(entry + " is damaged in the state store");
    }
}
