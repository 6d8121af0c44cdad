package io.leat.wire.record;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Moves over the records of one batch and over the fields of each. A record lies whole in one
 * window: the batch's own bytes where they are not compressed, else a buffer that is filled as the
 * records inflate and that grows only as far as bytes really come. Of records that are only passed
 * over, {@link Passed#LENT}, a part may be still beyond the window, which then never grows.
 *
 * <p>Every method that moves throws {@link InvalidBatchException} where the bytes do not fit. For
 * one thread.
 */
final class RecordCursor implements AutoCloseable {
    private static final int WINDOW_BYTES = 16 * 1024;
    private static final ScratchArrays WINDOWS = new ScratchArrays(WINDOW_BYTES, 8);
    private static final ByteBuffer CLOSED = ByteBuffer.allocate(0);

    /**
     * What a record may inflate to. Whoever needs its bytes holds it whole, and one record must not
     * take the memory of all: a few kilobytes can inflate to gigabytes.
     */
    private static final int RECORD_BYTES_MAX =
            (int) Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 4);

    /** What becomes of inflated bytes that the cursor has passed. */
    enum Passed {
        /** Slices of them stay valid. */
        KEPT,
        /** They may be overwritten by the next record; the last ones stay. */
        REUSED,
        /** They may be overwritten by what is read next; by anybody once the cursor is closed. */
        LENT
    }

    private final Compression compression;
    private final @Nullable InputStream inflated;
    private final Passed passed;
    private final int inflatedBytesMax;
    private final int recordBytesMax;
    private long inflatedBytes;

    private ByteBuffer window;
    private int position;
    private int recordEnd;
    private int limit;

    /** The bytes of the record that are not in the window yet: then it reaches to the limit. */
    private int beyond;

    /**
     * @param inflatedBytesMax how many bytes compressed records may inflate to
     * @param passed what may become of inflated bytes
     */
    RecordCursor(RecordBatch batch, int inflatedBytesMax, Passed passed) {
        this.inflatedBytesMax = inflatedBytesMax;
        this.passed = passed;
        ByteBuffer bytes = batch.recordBytes();
        // Who lets batches be so large has the memory for them.
        recordBytesMax = Math.max(RECORD_BYTES_MAX, bytes.remaining());
        compression = batch.compression();
        if (compression == Compression.NONE || batch.recordCount() <= 0) {
            inflated = null;
            window = bytes;
            limit = bytes.limit();
        } else {
            inflated = open(bytes);
            window =
                    passed == Passed.LENT
                            ? ByteBuffer.wrap(WINDOWS.lend(WINDOW_BYTES))
                            : ByteBuffer.allocate(WINDOW_BYTES);
        }
    }

    /** Moves to the next record, behind its length. */
    void next() {
        if (inflated != null) {
            fill(inflated, Varints.INT_BYTES_MAX);
        }
        recordEnd = limit;
        int size = varint();
        if (inflated != null) {
            enter(inflated, size);
        }
        int inWindow = size - beyond;
        if (size < 0 || inWindow > limit - position) {
            throw malformed("has a length of " + size + ", and " + (limit - position) + " follow");
        }
        recordEnd = position + inWindow;
    }

    /** Inflates a record, unless it is only passed over: then its fields are as they are read. */
    private void enter(InputStream in, int size) {
        if (size > inflatedBytesMax) {
            throw tooLarge(inflatedBytesMax);
        }
        if (size > recordBytesMax) {
            throw new InvalidBatchException(
                    Flaw.INFLATES_TOO_LARGE,
                    "a record inflates to %d bytes, and the memory here allows %d"
                            .formatted(size, recordBytesMax));
        }
        if (passed == Passed.LENT) {
            beyond = Math.max(0, size - (limit - position));
        } else {
            fill(in, size);
        }
    }

    /** Inflates more of a record that is partly beyond: so many bytes of it, or all it has. */
    private void reach(int wanted) {
        int left = remaining();
        int least = Math.min(wanted, left);
        if (inflated != null) {
            fill(inflated, least);
        }
        int ahead = limit - position;
        if (ahead < least) {
            throw malformed("lacks its last " + (left - ahead) + " bytes");
        }
        beyond = Math.max(0, left - ahead);
        recordEnd = position + (left - beyond);
    }

    /** What {@link #position} counts in; good until the next record. */
    ByteBuffer window() {
        return window;
    }

    int position() {
        return position;
    }

    /** The bytes of the record that are left. */
    int remaining() {
        return recordEnd - position + beyond;
    }

    /** Demands that the record was read to its last byte. */
    void endRecord() {
        if (remaining() != 0) {
            throw malformed("has " + remaining() + " bytes behind its fields");
        }
    }

    /** Passes over the rest of the record. */
    void skipRecord() {
        skip(remaining());
    }

    /** Demands that no byte follows the last record. */
    void endBatch() {
        if (inflated != null) {
            fill(inflated, 1);
        }
        if (position != limit) {
            throw new InvalidBatchException(
                    Flaw.MALFORMED_RECORD,
                    "at least " + (limit - position) + " bytes follow the last record");
        }
    }

    int varint() {
        int at = position;
        if (recordEnd - at >= 2) {
            int first = window.get(at);
            if (first >= 0) {
                position = at + 1;
                return Varints.unzigzag(first);
            }
            int second = window.get(at + 1);
            if (second >= 0) {
                position = at + 2;
                return Varints.unzigzag((first & 0x7f) | second << 7);
            }
        }
        return longVarint();
    }

    private int longVarint() {
        long bits = bits(Varints.INT_BYTES_MAX);
        if (bits >>> Integer.SIZE != 0) {
            throw malformed("has a varint of more than 32 bits");
        }
        return Varints.unzigzag((int) bits);
    }

    long varlong() {
        int at = position;
        if (recordEnd - at >= 2) {
            int first = window.get(at);
            if (first >= 0) {
                position = at + 1;
                return Varints.unzigzag((long) first);
            }
            int second = window.get(at + 1);
            if (second >= 0) {
                position = at + 2;
                return Varints.unzigzag((first & 0x7fL) | second << 7);
            }
        }
        return Varints.unzigzag(bits(Varints.LONG_BYTES_MAX));
    }

    /** Reads a number of at most so many bytes, before zigzag is undone. */
    private long bits(int bytesMax) {
        if (beyond > 0) {
            reach(bytesMax);
        }
        int at = position;
        int end = Math.min(recordEnd, at + bytesMax);
        long bits = 0;
        for (int shift = 0; at < end; shift += 7) {
            int next = window.get(at++);
            bits |= (next & 0x7fL) << shift;
            if (next >= 0) {
                if (shift == 63 && next > 1) {
                    break;
                }
                position = at;
                return bits;
            }
        }
        throw malformed("has a number that ends too late");
    }

    /** Passes over bytes of the record. */
    void skip(int size) {
        if (size > recordEnd - position) {
            skipBeyond(size);
        } else {
            position += size;
        }
    }

    private void skipBeyond(int size) {
        if (size > remaining()) {
            throw malformed("names " + size + " bytes, and " + remaining() + " are left");
        }
        int left = size;
        while (left > recordEnd - position) {
            left -= recordEnd - position;
            position = recordEnd;
            reach(1);
        }
        position += left;
    }

    /** Reads a length: of bytes, or -1 for null. */
    int length() {
        int length = varint();
        if (length < -1) {
            throw malformed("has a field with a length of " + length);
        }
        return length;
    }

    /** Reads a length and as many bytes, or null; shared with the window. */
    @Nullable ByteBuffer bytes() {
        int length = length();
        if (length < 0) {
            return null;
        }
        int start = position;
        skip(length);
        return window.slice(start, length);
    }

    /** Reads the number of headers, each of which has at least two bytes. */
    int headerCount() {
        int count = varint();
        if (count < 0 || count > remaining() / 2) {
            throw malformed("names " + count + " headers, and " + remaining() + " bytes are left");
        }
        return count;
    }

    InvalidBatchException malformed(String what) {
        return new InvalidBatchException(Flaw.MALFORMED_RECORD, "a record " + what);
    }

    private InputStream open(ByteBuffer bytes) {
        try {
            return Codec.of(compression).inflate(bytes, inflatedBytesMax);
        } catch (IOException | RuntimeException e) {
            throw badCompression(e);
        } catch (LinkageError e) {
            throw unavailable(compression, e);
        }
    }

    /** Inflates until this many bytes lie ahead, or all there are. */
    private void fill(InputStream in, int wanted) {
        boolean more = true;
        while (more && limit - position < wanted) {
            if (limit == window.capacity()) {
                makeRoom(wanted);
            }
            more = inflateInto(in, window.array());
        }
        window.limit(limit);
    }

    private boolean inflateInto(InputStream in, byte[] array) {
        int read;
        try {
            read = in.read(array, limit, array.length - limit);
        } catch (IOException | RuntimeException e) {
            throw badCompression(e);
        } catch (LinkageError e) {
            throw unavailable(compression, e);
        }
        if (read < 0) {
            return false;
        }
        inflatedBytes += read;
        if (inflatedBytes > inflatedBytesMax) {
            throw tooLarge(inflatedBytesMax);
        }
        limit += read;
        return true;
    }

    /** Moves what lies ahead to the start of a window that has room behind it. */
    private void makeRoom(int wanted) {
        int ahead = limit - position;
        // Doubling: a length that lies costs no more memory than the bytes that really came.
        int capacity = Math.max(WINDOW_BYTES, (int) Math.min(wanted, 2L * ahead));
        boolean inPlace = passed != Passed.KEPT && capacity <= window.capacity();
        ByteBuffer next = inPlace ? window : ByteBuffer.allocate(capacity);
        System.arraycopy(window.array(), position, next.array(), 0, ahead);
        if (!inPlace) {
            giveBackWindow();
        }
        window = next;
        position = 0;
        limit = ahead;
    }

    static InvalidBatchException tooLarge(int inflatedBytesMax) {
        return new InvalidBatchException(
                Flaw.INFLATES_TOO_LARGE,
                "the records inflate to more than the " + inflatedBytesMax + " bytes allowed");
    }

    private static InvalidBatchException badCompression(Exception cause) {
        if (cause instanceof InvalidBatchException known) {
            return known;
        }
        String reason = cause instanceof EOFException ? "they are cut off" : cause.getMessage();
        return new InvalidBatchException(
                Flaw.BAD_COMPRESSION, "the records cannot be inflated: " + reason, cause);
    }

    /** Native libraries are loaded with the first batch that needs them. */
    static InvalidBatchException unavailable(Compression compression, LinkageError cause) {
        return new InvalidBatchException(
                Flaw.CODEC_UNAVAILABLE,
                ("the native library for %s cannot be loaded from %s, the folder for temporary"
                                + " files; java.io.tmpdir names another: %s")
                        .formatted(
                                compression.configName(),
                                System.getProperty("java.io.tmpdir"),
                                cause.getMessage()),
                cause);
    }

    private void giveBackWindow() {
        if (passed == Passed.LENT) {
            WINDOWS.giveBack(window.array());
            window = CLOSED;
        }
    }

    /** Frees what the codec holds, and the window. Idempotent. */
    @Override
    public void close() {
        if (inflated != null) {
            giveBackWindow();
            try {
                inflated.close();
            } catch (IOException e) {
                throw badCompression(e);
            }
        }
    }
}
