package io.leat.wire.record;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes gathered in an array that grows. */
final class BufferOutput extends OutputStream {
    private byte[] bytes;
    private int size;

    BufferOutput(int initialBytes) {
        bytes = new byte[initialBytes];
    }

    @Override
    public void write(int b) {
        grow(1);
        bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        grow(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    private void grow(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            int doubled = (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8);
            bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
        }
    }

    /** Takes so many bytes at this absolute index of the buffer. */
    void write(ByteBuffer from, int index, int length) {
        grow(length);
        from.get(index, bytes, size, length);
        size += length;
    }

    /** Forgets what was written and keeps the array. */
    void clear() {
        size = 0;
    }

    /** What was written. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes, 0, size);
    }
}
