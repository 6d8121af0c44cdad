package io.leat.wire.record;

import java.nio.ByteBuffer;

/**
 * Numbers of variable length as records use them: zigzag first, so that small negative numbers are
 * short too (0, -1, 1, -2 become 0, 1, 2, 3), then seven bits a byte, lowest first, the top bit set
 * on all bytes but the last. An int takes 1 to 5 bytes, a long 1 to 10.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/#varints">Protocol Buffers</a>
 */
public final class Varints {
    public static final int INT_BYTES_MAX = 5;
    public static final int LONG_BYTES_MAX = 10;

    private Varints() {}

    /** The bytes that {@link #putInt} takes. */
    public static int sizeBytes(int value) {
        return (38 - Integer.numberOfLeadingZeros(zigzag(value) | 1)) / 7;
    }

    /** The bytes that {@link #putLong} takes. */
    public static int sizeBytes(long value) {
        return (70 - Long.numberOfLeadingZeros(zigzag(value) | 1)) / 7;
    }

    /** Writes at the buffer's position. */
    public static void putInt(ByteBuffer out, int value) {
        int rest = zigzag(value);
        while ((rest & ~0x7f) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** Writes at the buffer's position. */
    public static void putLong(ByteBuffer out, long value) {
        long rest = zigzag(value);
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /**
     * Reads at the buffer's position.
     *
     * @throws java.nio.BufferUnderflowException if the buffer ends within the number
     * @throws InvalidBatchException if the number has more than 32 bits
     */
    public static int getInt(ByteBuffer in) {
        int first = in.get();
        return unzigzag(first >= 0 ? first : getIntRest(in, first & 0x7f));
    }

    private static int getIntRest(ByteBuffer in, int first) {
        int bits = first;
        for (int shift = 7; shift < 28; shift += 7) {
            int next = in.get();
            bits |= (next & 0x7f) << shift;
            if (next >= 0) {
                return bits;
            }
        }
        int last = in.get();
        if ((last & 0xf0) != 0) {
            throw tooLong("varint", 32);
        }
        return bits | last << 28;
    }

    /**
     * Reads at the buffer's position.
     *
     * @throws java.nio.BufferUnderflowException if the buffer ends within the number
     * @throws InvalidBatchException if the number has more than 64 bits
     */
    public static long getLong(ByteBuffer in) {
        int first = in.get();
        return unzigzag(first >= 0 ? first : getLongRest(in, first & 0x7f));
    }

    private static long getLongRest(ByteBuffer in, int first) {
        long bits = first;
        for (int shift = 7; shift < 63; shift += 7) {
            int next = in.get();
            bits |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return bits;
            }
        }
        int last = in.get();
        if ((last & 0xfe) != 0) {
            throw tooLong("varlong", 64);
        }
        return bits | (long) last << 63;
    }

    static int zigzag(int value) {
        return value << 1 ^ value >> 31;
    }

    static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    static int unzigzag(int bits) {
        return bits >>> 1 ^ -(bits & 1);
    }

    static long unzigzag(long bits) {
        return bits >>> 1 ^ -(bits & 1);
    }

    private static InvalidBatchException tooLong(String kind, int bits) {
        return new InvalidBatchException(
                Flaw.MALFORMED_RECORD, "a " + kind + " has more than " + bits + " bits");
    }
}
