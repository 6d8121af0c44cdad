package io.leat.broker.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a connection receives into frames.
 *
 * <pre>
 * frame   size(4, signed, big endian) body(size)
 * </pre>
 *
 * A body that came in one piece is a slice of the received bytes. Otherwise it is gathered in a
 * buffer that grows with what has come, not with what was claimed: {@value #GROWTH}-fold from
 * {@value #START_BYTES} bytes on. Owned by the connection's event loop.
 */
final class FrameReader {
    static final int SIZE_BYTES = 4;
    private static final int START_BYTES = 16 * 1024;
    private static final int GROWTH = 8;

    private final ByteBufAllocator allocator;
    private int frameBytesMax;
    private final ArrayDeque<ByteBuf> received = new ArrayDeque<>(2);

    /** Body size of the frame at hand; -1 while its size field is not complete. */
    private int size = -1;

    private int sizeField;
    private int sizeFieldBytes;
    private @Nullable ByteBuf gathered;

    FrameReader(ByteBufAllocator allocator, int frameBytesMax) {
        this.allocator = allocator;
        this.frameBytesMax = frameBytesMax;
    }

    /** Changes how large the frames may be whose size has not come yet. */
    void bound(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /** Takes in received bytes, and their ownership. */
    void add(ByteBuf bytes) {
        if (bytes.isReadable()) {
            received.add(bytes);
        } else {
            bytes.release();
        }
    }

    /**
     * The next frame's body, which the caller releases; null when it has not come wholly.
     *
     * @throws FrameSizeException when a size is negative or beyond the bound; the reader must not
     *     be used any more
     */
    @Nullable ByteBuf next() {
        if (size < 0 && !readSize()) {
            return null;
        }
        ByteBuf head = received.peek();
        if (gathered == null && (size == 0 || (head != null && head.readableBytes() >= size))) {
            ByteBuf body = head == null ? allocator.buffer(0) : head.readRetainedSlice(size);
            dropExhausted();
            size = -1;
            return body;
        }
        return gather();
    }

    /** Bytes that have come and are in no frame that was handed out: 0 between two frames. */
    int pendingBytes() {
        int sizeBytes = size < 0 ? sizeFieldBytes : SIZE_BYTES;
        int gatheredBytes = gathered == null ? 0 : gathered.readableBytes();
        int receivedBytes = 0;
        for (ByteBuf each : received) {
            receivedBytes += each.readableBytes();
        }
        return sizeBytes + gatheredBytes + receivedBytes;
    }

    /** Frees everything. */
    void release() {
        received.forEach(ByteBuf::release);
        received.clear();
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    private boolean readSize() {
        ByteBuf head;
        while (sizeFieldBytes < SIZE_BYTES && (head = received.peek()) != null) {
            sizeField = (sizeField << 8) | head.readUnsignedByte();
            sizeFieldBytes++;
            dropExhausted();
        }
        if (sizeFieldBytes < SIZE_BYTES) {
            return false;
        }
        if (sizeField < 0 || sizeField > frameBytesMax) {
            throw new FrameSizeException(sizeField, frameBytesMax);
        }
        size = sizeField;
        sizeField = 0;
        sizeFieldBytes = 0;
        return true;
    }

    private @Nullable ByteBuf gather() {
        ByteBuf head = received.peek();
        if (head == null) {
            return null;
        }
        ByteBuf body = gathered;
        if (body == null) {
            int capacity = Math.min(size, Math.max(START_BYTES, head.readableBytes()));
            body = allocator.directBuffer(capacity, size);
            gathered = body;
        }
        while (head != null && body.readableBytes() < size) {
            if (!body.isWritable()) {
                body.capacity((int) Math.min(size, (long) body.capacity() * GROWTH));
            }
            body.writeBytes(head, Math.min(head.readableBytes(), body.writableBytes()));
            dropExhausted();
            head = received.peek();
        }
        if (body.readableBytes() < size) {
            return null;
        }
        gathered = null;
        size = -1;
        return body;
    }

    private void dropExhausted() {
        ByteBuf head = received.peek();
        if (head != null && !head.isReadable()) {
            received.remove().release();
        }
    }

    /** A size field that no honest client sends. */
    static final class FrameSizeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FrameSizeException(int size, int max) {
            super(
                    size < 0
                            ? "a frame claims a negative size of " + size + " bytes"
                            : "a frame claims "
                                    + size
                                    + " bytes, more than socket.request.max.bytes="
                                    + max,
                    null,
                    false,
                    false);
        }
    }
}
