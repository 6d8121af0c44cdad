package io.leat.broker.network;

import io.leat.broker.api.SlicePayload;
import io.leat.storage.api.LogSlice.FileRange;
import io.leat.wire.schema.Payload;
import io.leat.wire.schema.WireSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCounted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Encodes one frame into a list of parts to be written in order: what is encoded goes into pooled
 * buffers, and large record payloads stand between them by reference, never copied.
 *
 * <pre>
 * [size, header, fields ...] [payload] [fields ...] [payload]       [fields ...]
 *  pooled                     mapped    pooled       part of a file  pooled
 * </pre>
 */
final class ByteBufSink implements WireSink {
    /** Smaller payloads are copied: a separate buffer in the write would cost more. */
    static final int COPY_BYTES_MAX = 1024;

    /**
     * From here on the kernel sends the file's pages. Below, what a send of its own costs is more
     * than what the copy does.
     */
    static final int SEND_FILE_BYTES_MIN = 256 * 1024;

    private static final int START_BYTES = 256;

    private final ByteBufAllocator allocator;
    private final boolean sendsFiles;
    private final List<ReferenceCounted> parts = new ArrayList<>(3);
    private final ByteBuf head;
    private ByteBuf tail;
    private long bytes;

    /**
     * Begins a frame.
     *
     * @param sendsFiles whether parts of files may be among the parts
     */
    ByteBufSink(ByteBufAllocator allocator, boolean sendsFiles) {
        this.allocator = allocator;
        this.sendsFiles = sendsFiles;
        this.head = allocator.directBuffer(START_BYTES);
        this.tail = head;
        tail.writeInt(0); // the frame's size, set when it is known
    }

    /** Ends the frame. The caller writes and so releases the parts, in order. */
    List<ReferenceCounted> finish() {
        int size = Math.toIntExact(bytes + tail.readableBytes() - Integer.BYTES);
        endTail();
        head.setInt(0, size);
        return parts;
    }

    private void endTail() {
        parts.add(tail);
        bytes += tail.readableBytes();
    }

    /** Frees what was encoded so far. */
    void release() {
        parts.forEach(ReferenceCounted::release);
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
        int size = payload.sizeBytes();
        if (size <= COPY_BYTES_MAX) {
            putBuffer(payload.bytes());
            return;
        }
        // What may fail comes first, so that each buffer is owned once.
        ReferenceCounted part = part(payload, size);
        ByteBuf next = allocator.directBuffer(START_BYTES);
        endTail();
        tail = next;
        parts.add(part);
        bytes += size;
    }

    private ReferenceCounted part(Payload payload, int size) {
        if (sendsFiles
                && size >= SEND_FILE_BYTES_MIN
                && payload instanceof SlicePayload(var slice)) {
            Optional<FileRange> range = slice.fileRange();
            if (range.isPresent()) {
                return new LeasedRegion(range.get(), size);
            }
        }
        return Unpooled.wrappedBuffer(payload.bytes());
    }
}
