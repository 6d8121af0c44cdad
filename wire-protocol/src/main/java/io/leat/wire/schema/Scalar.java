package io.leat.wire.schema;

import java.util.Map;

/**
 * The fixed-size numbers of the protocol. Between wire and record each travels as 64 bits, so that
 * none is boxed: integers widened by their sign (unsigned ones by zeros), booleans as 0 or 1,
 * doubles by their bits.
 */
enum Scalar {
    BOOLEAN(1),
    INT8(1),
    INT16(2),
    UINT16(2),
    INT32(4),
    UINT32(4),
    INT64(8),
    FLOAT64(8);

    private static final Map<Class<?>, Scalar> SIGNED =
            Map.ofEntries(
                    Map.entry(boolean.class, BOOLEAN),
                    Map.entry(byte.class, INT8),
                    Map.entry(short.class, INT16),
                    Map.entry(int.class, INT32),
                    Map.entry(long.class, INT64),
                    Map.entry(double.class, FLOAT64),
                    Map.entry(Boolean.class, BOOLEAN),
                    Map.entry(Byte.class, INT8),
                    Map.entry(Short.class, INT16),
                    Map.entry(Integer.class, INT32),
                    Map.entry(Long.class, INT64),
                    Map.entry(Double.class, FLOAT64));

    private static final long UINT16_MAX = 0xFFFFL;
    private static final long UINT32_MAX = 0xFFFF_FFFFL;

    final int sizeBytes;

    Scalar(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    static boolean fits(Class<?> type) {
        return SIGNED.containsKey(type);
    }

    /** The scalar of a primitive type or its box. */
    static Scalar of(Class<?> type, boolean unsigned) {
        Scalar signed = SIGNED.get(type);
        if (signed == null) {
            throw new IllegalArgumentException(type + " is not a number of the protocol");
        }
        if (!unsigned) {
            return signed;
        }
        return switch (signed) {
            case INT32 -> UINT16;
            case INT64 -> UINT32;
            default -> throw new IllegalArgumentException(type + " cannot be unsigned");
        };
    }

    long read(WireSource in) {
        return switch (this) {
            case BOOLEAN -> in.getByte() == 0 ? 0 : 1;
            case INT8 -> in.getByte();
            case INT16 -> in.getShort();
            case UINT16 -> in.getShort() & UINT16_MAX;
            case INT32 -> in.getInt();
            case UINT32 -> in.getInt() & UINT32_MAX;
            case INT64, FLOAT64 -> in.getLong();
        };
    }

    void write(long bits, WireSink out) {
        switch (this) {
            case BOOLEAN, INT8 -> out.putByte((byte) bits);
            case INT16 -> out.putShort((short) bits);
            case UINT16 -> out.putShort((short) requireUnsigned(bits, UINT16_MAX));
            case INT32 -> out.putInt((int) bits);
            case UINT32 -> out.putInt((int) requireUnsigned(bits, UINT32_MAX));
            case INT64, FLOAT64 -> out.putLong(bits);
        }
    }

    Object box(long bits) {
        return switch (this) {
            case BOOLEAN -> bits != 0;
            case INT8 -> (byte) bits;
            case INT16 -> (short) bits;
            case UINT16, INT32 -> (int) bits;
            case UINT32, INT64 -> bits;
            case FLOAT64 -> Double.longBitsToDouble(bits);
        };
    }

    long unbox(Object value) {
        return switch (this) {
            case BOOLEAN -> (Boolean) value ? 1 : 0;
            case FLOAT64 -> Double.doubleToRawLongBits((Double) value);
            default -> ((Number) value).longValue();
        };
    }

    long parse(String text) {
        return switch (this) {
            case BOOLEAN -> Boolean.parseBoolean(text) ? 1 : 0;
            case FLOAT64 -> Double.doubleToRawLongBits(Double.parseDouble(text));
            default -> Long.parseLong(text);
        };
    }

    private static long requireUnsigned(long value, long max) {
        if (value < 0 || value > max) {
            throw new UnencodableMessageException(value + " is not between 0 and " + max);
        }
        return value;
    }
}
