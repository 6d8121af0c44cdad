package io.leat.wire.record;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Zstandard frames. A frame may ask for a window of up to 128 MiB, as in Kafka; that memory is
 * native and only as much of it becomes resident as bytes are inflated, which the reader bounds.
 */
final class ZstdCodec implements Codec {
    @Override
    public OutputStream deflate(OutputStream out, int level) throws IOException {
        return new ZstdOutputStreamNoFinalizer(out, RecyclingBufferPool.INSTANCE, level);
    }

    @Override
    public InputStream inflate(ByteBuffer bytes, int inflatedBytesMax) throws IOException {
        return new ZstdInputStreamNoFinalizer(new BufferInput(bytes), RecyclingBufferPool.INSTANCE);
    }
}
