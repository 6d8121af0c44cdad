package io.leat.wire.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;
import org.xerial.snappy.SnappyOutputStream;

/**
 * Snappy blocks in Xerial's framing, which is what Kafka's Java client writes. Other clients
 * (librdkafka and kafkajs among them) write one raw block without any framing; that is read too.
 *
 * <pre>
 *  framed:  0x82 S N A P P Y 0x00 | version int32 | compatible version int32 | block ...
 *  block:   compressed size int32 | raw Snappy
 *  raw Snappy:  inflated size (unsigned varint) | elements
 * </pre>
 */
final class SnappyCodec implements Codec {
    private static final int BLOCK_BYTES = 32 * 1024;
    private static final long XERIAL_MAGIC = 0x82534e4150505900L;
    private static final int XERIAL_HEADER_BYTES = 16;

    /** The densest element, a copy of 64 bytes, takes 3. */
    private static final int RATIO_MAX = 22;

    @Override
    public OutputStream deflate(OutputStream out, int level) throws IOException {
        try {
            return new SnappyOutputStream(out, BLOCK_BYTES);
        } catch (SnappyError e) {
            throw unavailable(e);
        }
    }

    /** Its own kind of error where its native library cannot be loaded. */
    private static LinkageError unavailable(SnappyError e) {
        return new LinkageError(e.getMessage(), e);
    }

    @Override
    public InputStream inflate(ByteBuffer bytes, int inflatedBytesMax) {
        return new Blocks(bytes, inflatedBytesMax);
    }

    private static final class Blocks extends BlockInput {
        private final ByteBuffer in;
        private final int inflatedBytesMax;
        private final boolean framed;
        private byte[] compressed = {};

        Blocks(ByteBuffer bytes, int inflatedBytesMax) {
            in = bytes.slice();
            this.inflatedBytesMax = inflatedBytesMax;
            framed = in.remaining() >= XERIAL_HEADER_BYTES && in.getLong(0) == XERIAL_MAGIC;
            if (framed) {
                in.position(XERIAL_HEADER_BYTES);
            }
        }

        @Override
        protected int nextBlock() throws IOException {
            if (!in.hasRemaining()) {
                return -1;
            }
            if (!framed) {
                return inflate(in.remaining());
            }
            require(in, Integer.BYTES, "a block's size");
            // Where framed batches were put one behind the other, so are their headers.
            if (in.remaining() >= XERIAL_HEADER_BYTES
                    && in.getLong(in.position()) == XERIAL_MAGIC) {
                in.position(in.position() + XERIAL_HEADER_BYTES);
                return 0;
            }
            return inflate(in.getInt());
        }

        private int inflatedSize(int size) throws IOException {
            try {
                return Snappy.uncompressedLength(compressed, 0, size);
            } catch (SnappyError e) {
                throw unavailable(e);
            }
        }

        private int inflate(int size) throws IOException {
            require(in, size, "a Snappy block");
            if (compressed.length < size) {
                compressed = new byte[size];
            }
            in.get(compressed, 0, size);
            int inflatedSize = inflatedSize(size);
            if (inflatedSize < 0 || inflatedSize > (long) size * RATIO_MAX) {
                throw new IOException(
                        "a Snappy block of %d bytes claims to inflate to %d"
                                .formatted(size, inflatedSize & 0xffffffffL));
            }
            if (inflatedSize > inflatedBytesMax) {
                throw RecordCursor.tooLarge(inflatedBytesMax);
            }
            return Snappy.uncompress(compressed, 0, size, blockOf(inflatedSize), 0);
        }
    }
}
