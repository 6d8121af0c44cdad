package io.leat.wire.schema;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The codecs of everything but plain numbers and structs. */
final class ValueCodecs {
    private ValueCodecs() {}

    /** UTF-8, at most 32,767 bytes of it also where the length prefix could say more. */
    record OfString(Lengths lengths, boolean nullable) implements ValueCodec {
        @Override
        public @Nullable Object read(WireSource in) {
            int length = lengths.read(in, nullable);
            if (length > Short.MAX_VALUE) {
                throw new MalformedMessageException("a string of " + length + " bytes");
            }
            return length < 0 ? null : in.getString(length);
        }

        @Override
        public void write(@Nullable Object value, WireSink out) {
            if (value == null) {
                lengths.writeNull(nullable, out);
                return;
            }
            byte[] bytes = ((String) value).getBytes(StandardCharsets.UTF_8);
            if (bytes.length > Short.MAX_VALUE) {
                throw new UnencodableMessageException("a string of " + bytes.length + " bytes");
            }
            lengths.write(bytes.length, out);
            out.putBytes(bytes);
        }

        @Override
        public int sizeBytesMin() {
            return lengths.sizeBytesMin();
        }
    }

    /** Bytes; decoded ones are a slice of the input. */
    record OfBytes(Lengths lengths, boolean nullable) implements ValueCodec {
        @Override
        public @Nullable Object read(WireSource in) {
            int length = lengths.read(in, nullable);
            return length < 0 ? null : in.getSlice(length);
        }

        @Override
        public void write(@Nullable Object value, WireSink out) {
            if (value == null) {
                lengths.writeNull(nullable, out);
            } else {
                ByteBuffer bytes = (ByteBuffer) value;
                lengths.write(bytes.remaining(), out);
                out.putBuffer(bytes);
            }
        }

        @Override
        public int sizeBytesMin() {
            return lengths.sizeBytesMin();
        }
    }

    /** Records: like bytes, but the sink may take them by reference. */
    record OfRecords(Lengths lengths, boolean nullable) implements ValueCodec {
        @Override
        public @Nullable Object read(WireSource in) {
            int length = lengths.read(in, nullable);
            return length < 0 ? null : new Payload.OfBuffer(in.getSlice(length));
        }

        @Override
        public void write(@Nullable Object value, WireSink out) {
            if (value == null) {
                lengths.writeNull(nullable, out);
            } else {
                Payload payload = (Payload) value;
                lengths.write(payload.sizeBytes(), out);
                out.putPayload(payload);
            }
        }

        @Override
        public int sizeBytesMin() {
            return lengths.sizeBytesMin();
        }
    }

    /** 16 bytes; the protocol has no null, all zeros stand for none. */
    record OfUuid() implements ValueCodec {
        @Override
        public Object read(WireSource in) {
            long high = in.getLong();
            return new UUID(high, in.getLong());
        }

        @Override
        public void write(@Nullable Object value, WireSink out) {
            if (value == null) {
                throw new UnencodableMessageException("null where null is not allowed");
            }
            UUID uuid = (UUID) value;
            out.putLong(uuid.getMostSignificantBits());
            out.putLong(uuid.getLeastSignificantBits());
        }

        @Override
        public int sizeBytesMin() {
            return 2 * Long.BYTES;
        }
    }

    /** A number as the element of an array. */
    record OfElement(Scalar scalar) implements ValueCodec {
        @Override
        public Object read(WireSource in) {
            return scalar.box(scalar.read(in));
        }

        @Override
        public void write(@Nullable Object value, WireSink out) {
            if (value == null) {
                throw new UnencodableMessageException("null where null is not allowed");
            }
            scalar.write(scalar.unbox(value), out);
        }

        @Override
        public int sizeBytesMin() {
            return scalar.sizeBytes;
        }
    }

    /** A list; decoded ones are unmodifiable. */
    record OfList(ValueCodec element, Lengths lengths, boolean nullable) implements ValueCodec {
        @Override
        public @Nullable Object read(WireSource in) {
            int count = lengths.read(in, nullable);
            if (count < 0) {
                return null;
            }
            if (count > in.remaining() / element.sizeBytesMin()) {
                throw new MalformedMessageException(
                        "a count of " + count + " where " + in.remaining() + " bytes remain");
            }
            if (count == 0) {
                return List.of();
            }
            in.takeElements(count);
            @Nullable Object[] elements = new Object[count];
            int i = 0;
            try {
                for (; i < count; i++) {
                    elements[i] = element.read(in);
                }
            } catch (WireException e) {
                e.inElement(i);
                throw e;
            }
            return Collections.unmodifiableList(Arrays.asList(elements));
        }

        @Override
        public void write(@Nullable Object value, WireSink out) {
            if (value == null) {
                lengths.writeNull(nullable, out);
                return;
            }
            List<?> elements = (List<?>) value;
            int count = elements.size();
            lengths.write(count, out);
            int i = 0;
            try {
                for (; i < count; i++) {
                    element.write(elements.get(i), out);
                }
            } catch (WireException e) {
                e.inElement(i);
                throw e;
            }
        }

        @Override
        public int sizeBytesMin() {
            return lengths.sizeBytesMin();
        }
    }

    /** A struct that may be null: a byte before it says -1 for null, 1 for there. */
    record OfNullable(ValueCodec struct) implements ValueCodec {
        private static final byte NULL = -1;
        private static final byte PRESENT = 1;

        @Override
        public @Nullable Object read(WireSource in) {
            return in.getByte() < 0 ? null : struct.read(in);
        }

        @Override
        public void write(@Nullable Object value, WireSink out) {
            if (value == null) {
                out.putByte(NULL);
            } else {
                out.putByte(PRESENT);
                struct.write(value, out);
            }
        }

        @Override
        public int sizeBytesMin() {
            return 1;
        }
    }
}
