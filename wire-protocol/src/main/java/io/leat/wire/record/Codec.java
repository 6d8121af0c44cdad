package io.leat.wire.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * One kind of compression. Each is a class of its own that nothing loads before a batch needs it,
 * and no native library is loaded before the first call of a method.
 */
interface Codec {
    /** A stream whose bytes go compressed to {@code out}; closing it writes the end. */
    OutputStream deflate(OutputStream out, int level) throws IOException;

    /**
     * The inflated bytes.
     *
     * @param bytes position to limit, heap or direct; left as it is
     * @param inflatedBytesMax a codec that must inflate all at once throws {@link
     *     InvalidBatchException} instead of taking more memory than this
     */
    InputStream inflate(ByteBuffer bytes, int inflatedBytesMax) throws IOException;

    static Codec of(Compression compression) {
        return switch (compression) {
            case NONE -> throw new IllegalArgumentException("no codec is needed");
            case GZIP -> new GzipCodec();
            case SNAPPY -> new SnappyCodec();
            case LZ4 -> new Lz4Codec();
            case ZSTD -> new ZstdCodec();
        };
    }
}
