package io.leat.wire.schema;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes to decode. Trusts nothing: whatever a length claims is compared with what remains before
 * anything is allocated. Running out of bytes is {@link java.nio.BufferUnderflowException} here;
 * {@link StructCodec}, which knows the field, makes a {@link MalformedMessageException} of it.
 */
final class WireSource {
    private static final int VARINT_BYTES_MAX = 5;

    /** What a decoder puts in place of bytes that are no UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    private final ByteBuffer in;
    private int elementsLeft;

    /**
     * Takes the bytes from position to limit and moves neither.
     *
     * @param elementsMax how many elements all lists may have together
     */
    WireSource(ByteBuffer in, int elementsMax) {
        this.in = in.duplicate(); // always big-endian
        this.elementsLeft = elementsMax;
    }

    /** To be called before a list is made: an element of two bytes may take fifty times as much. */
    void takeElements(int count) {
        if (count > elementsLeft) {
            throw new MalformedMessageException("lists of too many elements: " + count + " more");
        }
        elementsLeft -= count;
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
            string = utf8(in.array(), offset, sizeBytes);
            in.position(in.position() + sizeBytes);
        } else {
            byte[] bytes = new byte[sizeBytes];
            in.get(bytes);
            string = utf8(bytes, 0, sizeBytes);
        }
        return string;
    }

    /**
     * Bytes that are no UTF-8 are refused. Replaced, they would become other strings than the
     * client's, and up to three times as long: too long, perhaps, for an answer.
     */
    private static String utf8(byte[] bytes, int offset, int sizeBytes) {
        String string = new String(bytes, offset, sizeBytes, StandardCharsets.UTF_8);
        if (string.indexOf(REPLACEMENT) >= 0) {
            byte[] again = string.getBytes(StandardCharsets.UTF_8); // it may have been there before
            if (!Arrays.equals(bytes, offset, offset + sizeBytes, again, 0, again.length)) {
                throw new MalformedMessageException("a string that is not UTF-8");
            }
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
