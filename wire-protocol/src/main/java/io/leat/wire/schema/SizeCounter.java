package io.leat.wire.schema;

import java.nio.ByteBuffer;

/** A sink that only counts. */
final class SizeCounter implements WireSink {
    private long sizeBytes;

    int sizeBytes() {
        return Math.toIntExact(sizeBytes);
    }

    @Override
    public void putByte(byte value) {
        sizeBytes += Byte.BYTES;
    }

    @Override
    public void putShort(short value) {
        sizeBytes += Short.BYTES;
    }

    @Override
    public void putInt(int value) {
        sizeBytes += Integer.BYTES;
    }

    @Override
    public void putLong(long value) {
        sizeBytes += Long.BYTES;
    }

    @Override
    public void putBytes(byte[] bytes) {
        sizeBytes += bytes.length;
    }

    @Override
    public void putBuffer(ByteBuffer bytes) {
        sizeBytes += bytes.remaining();
    }

    @Override
    public void putPayload(Payload payload) {
        sizeBytes += payload.sizeBytes();
    }
}
