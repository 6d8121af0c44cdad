package io.leat.wire.schema;

/**
 * How a variable-size field says its length, or its absence.
 *
 * <pre>
 *           width            null        n
 * SHORT     2 bytes          -1          n
 * INT       4 bytes          -1          n
 * COMPACT   unsigned varint   0      n + 1
 * </pre>
 */
enum Lengths {
    SHORT,
    INT,
    COMPACT;

    private static final int NULL = -1;

    int sizeBytesMin() {
        return switch (this) {
            case SHORT -> Short.BYTES;
            case INT -> Integer.BYTES;
            case COMPACT -> 1;
        };
    }

    /**
     * Gives -1 for null, which {@code nullable} must allow; otherwise a length not yet believed.
     */
    int read(WireSource in, boolean nullable) {
        int length =
                switch (this) {
                    case SHORT -> in.getShort();
                    case INT -> in.getInt();
                    case COMPACT -> in.getUnsignedVarint() - 1;
                };
        if (length < NULL) {
            throw new MalformedMessageException("a length of " + length);
        }
        if (length == NULL && !nullable) {
            throw new MalformedMessageException("null where null is not allowed");
        }
        return length;
    }

    void write(int length, WireSink out) {
        switch (this) {
            case SHORT -> out.putShort((short) length);
            case INT -> out.putInt(length);
            case COMPACT -> out.putUnsignedVarint(length + 1);
        }
    }

    /** Says null, if {@code nullable} allows it. */
    void writeNull(boolean nullable, WireSink out) {
        if (!nullable) {
            throw new UnencodableMessageException("null where null is not allowed");
        }
        write(NULL, out);
    }
}
