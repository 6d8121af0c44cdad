package io.leat.wire.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Writes records to a stream, compressed or not, by way of a small array: codecs are slow with
 * single bytes, and records may lie off the heap. For one thread.
 */
final class RecordOutput {
    private static final int CHUNK_BYTES = 8 * 1024;

    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final OutputStream out;
    private int used;

    RecordOutput(OutputStream out) {
        this.out = out;
    }

    void single(byte value) {
        makeRoom(1);
        chunk[used++] = value;
    }

    void varint(int value) {
        unsigned(Varints.zigzag(value) & 0xffffffffL);
    }

    void varlong(long value) {
        unsigned(Varints.zigzag(value));
    }

    private void unsigned(long value) {
        makeRoom(Varints.LONG_BYTES_MAX);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            chunk[used++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        chunk[used++] = (byte) rest;
    }

    void bytes(ByteBuffer from, int index, int length) {
        int done = 0;
        while (done < length) {
            makeRoom(1);
            int part = Math.min(length - done, chunk.length - used);
            from.get(index + done, chunk, used, part);
            used += part;
            done += part;
        }
    }

    private void makeRoom(int wanted) {
        if (chunk.length - used < wanted) {
            flush();
        }
    }

    void flush() {
        try {
            out.write(chunk, 0, used);
        } catch (IOException e) {
            throw new UncheckedIOException("the records cannot be compressed", e);
        }
        used = 0;
    }
}
