package io.leat.wire.schema;

import java.nio.ByteBuffer;

/** A sink over a heap buffer that grows. Payloads are copied. */
public final class ByteBufferSink implements WireSink {
    private ByteBuffer buffer;

    public ByteBufferSink() {
        this(256);
    }

    /**
     * @param capacityBytes the initial capacity
     */
    public ByteBufferSink(int capacityBytes) {
        buffer = ByteBuffer.allocate(capacityBytes);
    }

    /** How many bytes were put. */
    public int sizeBytes() {
        return buffer.position();
    }

    /** What was put, position 0 to limit, sharing memory with the sink until it grows. */
    public ByteBuffer toBuffer() {
        return buffer.duplicate().flip();
    }

    /** Overwrites four bytes that were put before, such as the length that precedes a frame. */
    public void setInt(int position, int value) {
        if (position < 0 || position + Integer.BYTES > buffer.position()) {
            throw new IndexOutOfBoundsException("position " + position + " of " + sizeBytes());
        }
        buffer.putInt(position, value);
    }

    /** Forgets what was put and keeps the memory. */
    public void clear() {
        buffer.clear();
    }

    @Override
    public void putByte(byte value) {
        room(Byte.BYTES).put(value);
    }

    @Override
    public void putShort(short value) {
        room(Short.BYTES).putShort(value);
    }

    @Override
    public void putInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    @Override
    public void putLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    @Override
    public void putBytes(byte[] bytes) {
        room(bytes.length).put(bytes);
    }

    @Override
    public void putBuffer(ByteBuffer bytes) {
        int sizeBytes = bytes.remaining();
        ByteBuffer target = room(sizeBytes);
        target.put(target.position(), bytes, bytes.position(), sizeBytes);
        target.position(target.position() + sizeBytes);
    }

    @Override
    public void putPayload(Payload payload) {
        putBuffer(payload.bytes());
    }

    private ByteBuffer room(int sizeBytes) {
        if (buffer.remaining() < sizeBytes) {
            grow(sizeBytes);
        }
        return buffer;
    }

    private void grow(int sizeBytes) {
        long needed = (long) buffer.position() + sizeBytes;
        if (needed > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("a buffer cannot hold " + needed + " bytes");
        }
        long capacity = Math.max(needed, Math.min(2L * buffer.capacity(), Integer.MAX_VALUE - 8));
        buffer = ByteBuffer.allocate((int) capacity).put(buffer.flip());
    }
}
