package io.leat.wire.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * LZ4 frames of independent blocks; frames of dependent blocks are refused, as Kafka does. Numbers
 * are little-endian.
 *
 * <pre>
 *  frame:  magic int32 | FLG int8 | BD int8 | content size int64, if FLG says so | HC int8 |
 *          block ... | 0 int32 | content checksum int32, if FLG says so
 *  block:  size int32, highest bit: stored as is | bytes | checksum int32, if FLG says so
 *  FLG:    version 01 | independent blocks | block checksums | content size | content checksum | 0 | dictionary
 *  BD:     0 | largest block: 4 = 64 KiB, 5 = 256 KiB, 6 = 1 MiB, 7 = 4 MiB | 0000
 *  HC:     second byte of the xxHash32 of FLG to content size
 * </pre>
 *
 * @see <a href="https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md">LZ4 frame format</a>
 */
final class Lz4Codec implements Codec {
    @Override
    public OutputStream deflate(OutputStream out, int level) throws IOException {
        LZ4Factory factory = LZ4Factory.fastestInstance();
        LZ4Compressor compressor =
                level == Compression.LZ4.levelDefault()
                        ? factory.fastCompressor()
                        : factory.highCompressor(level);
        return new LZ4FrameOutputStream(
                out,
                BLOCKSIZE.SIZE_64KB,
                -1L,
                compressor,
                XXHashFactory.fastestInstance().hash32(),
                FLG.Bits.BLOCK_INDEPENDENCE);
    }

    @Override
    public InputStream inflate(ByteBuffer bytes, int inflatedBytesMax) throws IOException {
        return new Frame(bytes);
    }

    /** The blocks of the first frame. What follows it is left unread, as in Kafka. */
    private static final class Frame extends BlockInput {
        private static final int MAGIC = 0x184d2204;
        private static final int VERSION_MASK = 0xc0;
        private static final int VERSION_1 = 0x40;
        private static final int INDEPENDENT_BLOCKS = 0x20;
        private static final int BLOCK_CHECKSUMS = 0x10;
        private static final int CONTENT_SIZE = 0x08;
        private static final int CONTENT_CHECKSUM = 0x04;

        /** Bits without a meaning, and a dictionary's, that Kafka's clients demand to be 0. */
        private static final int ZERO_FLAGS = 0x03;

        private static final int ZERO_IN_BLOCK = 0x8f;
        private static final int STORED = 0x80000000;

        /** A byte of a block stands for at most 255 inflated ones. */
        private static final long RATIO_MAX = 255;

        private final LZ4SafeDecompressor decompressor =
                LZ4Factory.fastestInstance().safeDecompressor();
        private final XXHash32 hash = XXHashFactory.fastestInstance().hash32();
        private final ByteBuffer in;
        private final boolean blockChecksums;
        private final boolean contentChecksum;
        private final int blockBytesMax;

        Frame(ByteBuffer bytes) throws IOException {
            in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
            require(in, 7, "an LZ4 frame's header");
            if (in.getInt() != MAGIC) {
                throw new IOException("this is no LZ4 frame: its first bytes are others");
            }
            int flags = in.get() & 0xff;
            int block = in.get() & 0xff;
            if ((flags & VERSION_MASK) != VERSION_1) {
                throw new IOException("the LZ4 frame has an unknown version");
            }
            if ((flags & INDEPENDENT_BLOCKS) == 0) {
                throw new IOException("the LZ4 frame's blocks depend on each other");
            }
            if ((flags & ZERO_FLAGS) != 0 || (block & ZERO_IN_BLOCK) != 0) {
                throw new IOException("the LZ4 frame has flags that are not supported");
            }
            blockChecksums = (flags & BLOCK_CHECKSUMS) != 0;
            contentChecksum = (flags & CONTENT_CHECKSUM) != 0;
            blockBytesMax = blockBytesMax(block >> 4 & 7);
            int descriptorBytes = (flags & CONTENT_SIZE) != 0 ? 10 : 2;
            require(in, descriptorBytes - 2 + 1, "an LZ4 frame's header");
            in.position(4 + descriptorBytes);
            if (in.get() != (byte) (hash.hash(in, 4, descriptorBytes, 0) >> 8)) {
                throw new IOException("the LZ4 frame's header does not fit its checksum");
            }
        }

        private static int blockBytesMax(int id) throws IOException {
            if (id < 4) {
                throw new IOException("the LZ4 frame has an unknown block size");
            }
            return 1 << (8 + 2 * id);
        }

        @Override
        protected int nextBlock() throws IOException {
            require(in, Integer.BYTES, "a block's size");
            int word = in.getInt();
            int size = word & ~STORED;
            if (size == 0) {
                if (contentChecksum) {
                    // As in Kafka it has to be there, and nobody compares it.
                    require(in, Integer.BYTES, "an LZ4 frame's checksum");
                }
                return -1;
            }
            if (size > blockBytesMax) {
                throw new IOException(
                        "an LZ4 block has %d bytes, the frame allows %d"
                                .formatted(size, blockBytesMax));
            }
            require(in, size, "an LZ4 block");
            int start = in.position();
            in.position(start + size);
            if (blockChecksums) {
                require(in, Integer.BYTES, "a block's checksum");
                if (in.getInt() != hash.hash(in, start, size, 0)) {
                    throw new IOException("an LZ4 block does not fit its checksum");
                }
            }
            return (word & STORED) != 0 ? copy(start, size) : inflate(start, size);
        }

        private int copy(int start, int size) {
            in.get(start, blockOf(size), 0, size);
            return size;
        }

        private int inflate(int start, int size) throws IOException {
            int inflatedSizeMax = (int) Math.min(blockBytesMax, size * RATIO_MAX);
            ByteBuffer block = ByteBuffer.wrap(blockOf(inflatedSizeMax));
            try {
                return decompressor.decompress(in, start, size, block, 0, inflatedSizeMax);
            } catch (LZ4Exception e) {
                throw new IOException("an LZ4 block is damaged", e);
            }
        }
    }
}
