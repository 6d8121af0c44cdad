package io.leat.wire.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

final class GzipCodec implements Codec {
    private static final int BUFFER_BYTES = 8 * 1024;

    @Override
    public OutputStream deflate(OutputStream out, int level) throws IOException {
        return new LevelledOutput(out, level);
    }

    @Override
    public InputStream inflate(ByteBuffer bytes, int inflatedBytesMax) throws IOException {
        int bufferBytes = Math.max(1, Math.min(BUFFER_BYTES, bytes.remaining()));
        return new GZIPInputStream(new BufferInput(bytes), bufferBytes);
    }

    private static final class LevelledOutput extends GZIPOutputStream {
        LevelledOutput(OutputStream out, int level) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(level);
        }
    }
}
