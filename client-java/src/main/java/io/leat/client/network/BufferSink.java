package io.leat.client.network;

import io.leat.wire.schema.Payload;
import io.leat.wire.schema.WireSink;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Puts a message into a buffer that goes to the socket. Payloads are copied: what lies on the heap
 * is copied for the socket anyway.
 */
final class BufferSink implements WireSink {
    private final ByteBuf out;

    BufferSink(ByteBuf out) {
        this.out = out;
    }

    @Override
    public void putByte(byte value) {
        out.writeByte(value);
    }

    @Override
    public void putShort(short value) {
        out.writeShort(value);
    }

    @Override
    public void putInt(int value) {
        out.writeInt(value);
    }

    @Override
    public void putLong(long value) {
        out.writeLong(value);
    }

    @Override
    public void putBytes(byte[] bytes) {
        out.writeBytes(bytes);
    }

    @Override
    public void putBuffer(ByteBuffer bytes) {
        out.writeBytes(bytes.duplicate());
    }

    @Override
    public void putPayload(Payload payload) {
        putBuffer(payload.bytes());
    }
}
