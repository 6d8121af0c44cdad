package io.leat.storage.local;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** An open file. One thread writes; any thread may force, map, read or close. */
public interface DiskFile extends AutoCloseable {
    Path path();

    long sizeBytes() throws IOException;

    /** Writes everything that remains in {@code buffers}, the first byte at {@code position}. */
    void write(ByteBuffer[] buffers, long position) throws IOException;

    /** Writes everything that remains in {@code buffer}, the first byte at {@code position}. */
    default void write(ByteBuffer buffer, long position) throws IOException {
        write(new ByteBuffer[] {buffer}, position);
    }

    /** Reads until {@code buffer} is full or the file ends. */
    void read(ByteBuffer buffer, long position) throws IOException;

    /**
     * Makes all writes that returned before outlive a power cut, those through a mapping too. After
     * a failure nothing is known of them, and a second call proves nothing.
     */
    void force() throws IOException;

    void truncate(long sizeBytes) throws IOException;

    /**
     * Writes zeros behind the file's end, past what the system remembers of the file, so that what
     * is written there later grows nothing. They are forced by whoever forces next. By the thread
     * that writes.
     *
     * @param from where to begin, a multiple of the block's size, as is {@code to}
     * @return false where that is not possible, though the file may be longer than before
     */
    default boolean makeReady(long from, long to) {
        return false;
    }

    /**
     * Begins to write out a part of the file, all of it written over bytes that had been forced
     * before: nothing about the file has to be written then. {@link #endWriteOut} has to follow.
     *
     * @return false where it is to be forced instead, as always
     * @throws IOException as {@link #force}
     */
    default boolean beginWriteOut(long from, long to) throws IOException {
        return false;
    }

    /**
     * Waits until that part is written out: it outlives a power cut as soon as any file on this
     * disk is forced, by a force that begins afterwards.
     *
     * @throws IOException as {@link #force}
     */
    default void endWriteOut(long from, long to) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Maps the file's first {@code spanBytes}, which may be more than there are: bytes that the
     * file grows by later show up in the mapping. Bytes beyond the file's end must not be touched.
     * The file's size stays as it is. Not to be called while another thread writes.
     */
    MemorySegment map(boolean writable, long spanBytes, Arena arena) throws IOException;

    /** For kernels that can send a file's bytes. */
    FileChannel channel();

    @Override
    void close() throws IOException;
}
