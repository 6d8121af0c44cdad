package io.leat.storage.api;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Leased bytes of a log: record batches, byte for byte as on the wire. The first batch is the one
 * that holds the offset asked for; the last may be cut off. The bytes stay valid until {@link
 * #close}, also when the log is trimmed or deleted meanwhile. Any thread may use it; close it once.
 */
public interface LogSlice extends AutoCloseable {
    /** How many bytes there are, 0 or more. */
    int sizeBytes();

    /** The bytes, read-only and off the heap, position 0 to limit {@link #sizeBytes}. */
    ByteBuffer bytes();

    /** Where the bytes stand in a file, for engines that have one and kernels that can send it. */
    Optional<FileRange> fileRange();

    @Override
    void close();

    /**
     * Bytes of a file.
     *
     * @param channel open for reading as long as the slice is
     * @param position the first byte's position
     */
    record FileRange(FileChannel channel, long position) {}
}
