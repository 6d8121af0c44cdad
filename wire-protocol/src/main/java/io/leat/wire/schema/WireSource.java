package io.leat.wire.schema;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Bytes to decode. Trusts nothing: whatever a length claims is compared with what remains before
 * anything is allocated. Running out of bytes is {@link java.nio.BufferUnderflowException} here;
 * {@link StructCodec}, which knows the field, makes a {@link MalformedMessageException} of it.
 */
final class WireSource {
    private static final int VARINT_BYTES_MAX = 5;

    private final ByteBuffer in;

    /** Takes the bytes from position to limit and moves neither. */
    WireSource(ByteBuffer in) {
        this.in = in.duplicate(); // always big-endian
    }

    int position() {
        return in.position();
    }

    int remaining() {
        return in.remaining();
    }

    byte getByte() {
        return in.get();
    }

    short getShort() {
        return in.getShort();
    }

    int getInt() {
        return in.getInt();
    }

    long getLong() {
        return in.getLong();
    }

    int getUnsignedVarint() {
        int value = 0;
        for (int i = 0; i < VARINT_BYTES_MAX; i++) {
            byte b = in.get();
            value |= (b & 0x7F) << (7 * i);
            if (b >= 0) {
                if (i == VARINT_BYTES_MAX - 1 && b > 0x0F) {
                    throw new MalformedMessageException("a varint of more than 32 bits");
                }
                return value;
            }
        }
        throw new MalformedMessageException("a varint of more than 5 bytes");
    }

    String getString(int sizeBytes) {
        requireRemaining(sizeBytes);
        String string;
        if (in.hasArray()) {
            int offset = in.arrayOffset() + in.position();
            string = new String(in.array(), offset, sizeBytes, StandardCharsets.UTF_8);
            in.position(in.position() + sizeBytes);
        } else {
            byte[] bytes = new byte[sizeBytes];
            in.get(bytes);
            string = new String(bytes, StandardCharsets.UTF_8);
        }
        return string;
    }

    ByteBuffer getSlice(int sizeBytes) {
        requireRemaining(sizeBytes);
        ByteBuffer slice = in.slice(in.position(), sizeBytes);
        in.position(in.position() + sizeBytes);
        return slice;
    }

    void skip(int sizeBytes) {
        requireRemaining(sizeBytes);
        in.position(in.position() + sizeBytes);
    }

    /** Narrows what remains to the next bytes; gives what {@link #widen} needs to undo that. */
    int narrow(int sizeBytes) {
        requireRemaining(sizeBytes);
        int limit = in.limit();
        in.limit(in.position() + sizeBytes);
        return limit;
    }

    void widen(int limit) {
        in.limit(limit);
    }

    private void requireRemaining(int sizeBytes) {
        if (sizeBytes < 0 || sizeBytes > in.remaining()) {
            throw new MalformedMessageException(
                    "a length of " + sizeBytes + " bytes where " + in.remaining() + " remain");
        }
    }
}
