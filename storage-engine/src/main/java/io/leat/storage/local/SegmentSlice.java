package io.leat.storage.local;

import io.leat.storage.api.LogSlice;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Leased bytes of one segment. */
final class SegmentSlice implements LogSlice {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0).asReadOnlyBuffer();

    /** No bytes, no lease. */
    static final LogSlice EMPTY =
            new LogSlice() {
                @Override
                public int sizeBytes() {
                    return 0;
                }

                @Override
                public ByteBuffer bytes() {
                    return NOTHING.duplicate();
                }

                @Override
                public Optional<FileRange> fileRange() {
                    return Optional.empty();
                }

                @Override
                public void close() {}
            };

    private final SegmentFiles files;
    private final int position;
    private final int sizeBytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param files with a lease, which this slice ends
     */
    SegmentSlice(SegmentFiles files, int position, int sizeBytes) {
        this.files = files;
        this.position = position;
        this.sizeBytes = sizeBytes;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public ByteBuffer bytes() {
        return files.bytes().slice(position, sizeBytes);
    }

    @Override
    public Optional<FileRange> fileRange() {
        return Optional.of(new FileRange(files.data().channel(), position));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            files.release();
        }
    }
}
