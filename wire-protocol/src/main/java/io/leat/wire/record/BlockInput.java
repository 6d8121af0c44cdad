package io.leat.wire.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A stream that inflates block by block, each into an array that the next one takes over. */
abstract class BlockInput extends InputStream {
    private static final byte[] NO_BYTES = {};

    /** LZ4's usual blocks; those of Snappy are smaller. */
    private static final ScratchArrays BLOCKS = new ScratchArrays(64 * 1024, 8);

    private byte[] block = NO_BYTES;
    private int position;
    private int limit;
    private boolean ended;

    /**
     * Inflates the next block with {@link #blockOf}.
     *
     * @return the block's inflated size, or -1 if there is none
     */
    protected abstract int nextBlock() throws IOException;

    /** An array for the next block, at least this large. */
    protected final byte[] blockOf(int sizeBytes) {
        if (block.length < sizeBytes) {
            BLOCKS.giveBack(block);
            block = BLOCKS.lend(sizeBytes);
        }
        return block;
    }

    @Override
    public final int read() throws IOException {
        return advance() ? block[position++] & 0xff : -1;
    }

    @Override
    public final int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int size = Math.min(length, limit - position);
        System.arraycopy(block, position, into, offset, size);
        position += size;
        return size;
    }

    /** Gives its array back; nothing can be read any more. */
    @Override
    public final void close() {
        BLOCKS.giveBack(block);
        block = NO_BYTES;
        position = 0;
        limit = 0;
        ended = true;
    }

    private boolean advance() throws IOException {
        while (position == limit && !ended) {
            int size = nextBlock();
            ended = size < 0;
            position = 0;
            limit = Math.max(size, 0);
        }
        return !ended;
    }

    /** Demands that so many bytes are left. */
    protected static void require(ByteBuffer in, int sizeBytes, String what) throws IOException {
        if (sizeBytes < 0 || sizeBytes > in.remaining()) {
            throw new IOException(
                    "%s of %d bytes is cut off after %d"
                            .formatted(what, sizeBytes & 0xffffffffL, in.remaining()));
        }
    }
}
