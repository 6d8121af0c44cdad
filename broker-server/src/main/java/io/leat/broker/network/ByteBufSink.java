package io.leat.broker.network;

import io.leat.wire.schema.Payload;
import io.leat.wire.schema.WireSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes one frame into a list of buffers for a gathering write: what is encoded goes into pooled
 * ones, and large record payloads stand between them by reference, never copied.
 *
 * <pre>
 * [size, header, fields ...] [payload] [fields ...] [payload] [fields ...]
 *  pooled                     mapped    pooled       mapped    pooled
 * </pre>
 */
final class ByteBufSink implements WireSink {
    /** Smaller payloads are copied: a separate buffer in the write would cost more. */
    static final int COPY_BYTES_MAX = 1024;

    private static final int START_BYTES = 256;

    private final ByteBufAllocator allocator;
    private final List<ByteBuf> parts = new ArrayList<>(3);
    private ByteBuf tail;

    ByteBufSink(ByteBufAllocator allocator) {
        this.allocator = allocator;
        this.tail = allocator.directBuffer(START_BYTES);
        tail.writeInt(0); // the frame's size, set when it is known
    }

    /** Ends the frame. The caller writes and so releases the parts, in order. */
    List<ByteBuf> finish() {
        parts.add(tail);
        long size = -Integer.BYTES;
        for (ByteBuf part : parts) {
            size += part.readableBytes();
        }
        parts.getFirst().setInt(0, Math.toIntExact(size));
        return parts;
    }

    /** Frees what was encoded so far. */
    void release() {
        parts.forEach(ByteBuf::release);
        tail.release();
    }

    @Override
    public void putByte(byte value) {
        tail.writeByte(value);
    }

    @Override
    public void putShort(short value) {
        tail.writeShort(value);
    }

    @Override
    public void putInt(int value) {
        tail.writeInt(value);
    }

    @Override
    public void putLong(long value) {
        tail.writeLong(value);
    }

    @Override
    public void putBytes(byte[] bytes) {
        tail.writeBytes(bytes);
    }

    @Override
    public void putBuffer(ByteBuffer bytes) {
        tail.writeBytes(bytes.duplicate());
    }

    @Override
    public void putPayload(Payload payload) {
        ByteBuffer bytes = payload.bytes();
        if (bytes.remaining() <= COPY_BYTES_MAX) {
            putBuffer(bytes);
            return;
        }
        parts.add(tail);
        tail = allocator.directBuffer(START_BYTES);
        parts.add(Unpooled.wrappedBuffer(bytes));
    }
}
