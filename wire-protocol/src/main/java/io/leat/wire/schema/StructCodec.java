package io.leat.wire.schema;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes one record type in one version: the untagged fields in order, then, if the
 * version is flexible, the tagged section.
 *
 * <pre>
 * struct         = field* [ tagged-section ]
 * tagged-section = count:uvarint ( tag:uvarint size:uvarint value )*     tags ascending
 * </pre>
 */
final class StructCodec implements ValueCodec {
    private final RecordAccess access;
    private final Field[] untagged;
    private final Field[] tagged; // ascending by tag
    private final Field[] absent;
    private final boolean flexible;
    private final long[] defaultNumbers;
    private final @Nullable Object[] defaultReferences;
    private final int sizeBytesMin;

    private StructCodec(RecordSchema schema, short version, boolean flexible) {
        this.flexible = flexible;
        access = schema.access();
        defaultNumbers = schema.defaultNumbers();
        defaultReferences = schema.defaultReferences();
        List<Field> present = new ArrayList<>();
        List<Field> lacking = new ArrayList<>();
        NavigableMap<Integer, Field> byTag = new TreeMap<>();
        int size = flexible ? 1 : 0;
        for (RecordSchema.Component component : schema.components()) {
            if (!component.in(version)) {
                lacking.add(new Field(component, null));
                continue;
            }
            ValueCodec codec =
                    component.scalar == null ? codec(component, version, flexible) : null;
            Field field = new Field(component, codec);
            if (flexible && field.tag >= 0) {
                byTag.put(field.tag, field);
            } else {
                present.add(field);
                size += field.sizeBytesMin();
            }
        }
        untagged = present.toArray(new Field[0]);
        tagged = byTag.values().toArray(new Field[0]);
        absent = lacking.toArray(new Field[0]);
        sizeBytesMin = Math.max(1, size);
    }

    static StructCodec of(Class<?> type, short version, boolean flexible) {
        return new StructCodec(RecordSchema.of(type), version, flexible);
    }

    private static ValueCodec codec(
            RecordSchema.Component component, short version, boolean flexible) {
        boolean nullable = component.nullableIn(version);
        boolean compact = flexible && !component.neverCompact;
        Class<?> element = component.elementType;
        if (element == null) {
            return codec(component.type, nullable, version, compact);
        }
        Lengths lengths = compact ? Lengths.COMPACT : Lengths.INT;
        ValueCodec elements = codec(element, false, version, compact);
        return new ValueCodecs.OfList(elements, lengths, nullable);
    }

    private static ValueCodec codec(
            Class<?> type, boolean nullable, short version, boolean compact) {
        if (type == String.class) {
            return new ValueCodecs.OfString(compact ? Lengths.COMPACT : Lengths.SHORT, nullable);
        } else if (type == UUID.class) {
            return new ValueCodecs.OfUuid();
        } else if (type == ByteBuffer.class) {
            return new ValueCodecs.OfBytes(compact ? Lengths.COMPACT : Lengths.INT, nullable);
        } else if (type == Payload.class) {
            return new ValueCodecs.OfRecords(compact ? Lengths.COMPACT : Lengths.INT, nullable);
        } else if (Scalar.fits(type)) {
            return new ValueCodecs.OfElement(Scalar.of(type, false));
        }
        StructCodec struct = of(type, version, compact);
        return nullable ? new ValueCodecs.OfNullable(struct) : struct;
    }

    @Override
    public int sizeBytesMin() {
        return sizeBytesMin;
    }

    @Override
    public Object read(WireSource in) {
        long[] numbers = defaultNumbers.clone();
        @Nullable Object[] references = defaultReferences.clone();
        int i = 0;
        try {
            for (; i < untagged.length; i++) {
                untagged[i].read(in, numbers, references);
            }
        } catch (MalformedMessageException e) {
            e.inField(untagged[i].name);
            throw e;
        } catch (BufferUnderflowException e) {
            throw endsEarly(untagged[i].name);
        }
        if (flexible) {
            readTagged(in, numbers, references);
        }
        return access.create(numbers, references);
    }

    private void readTagged(WireSource in, long[] numbers, @Nullable Object[] references) {
        String name = "tagged fields";
        try {
            int count = in.getUnsignedVarint();
            for (int i = 0; i != count; i++) {
                name = "tagged fields";
                int tag = in.getUnsignedVarint();
                int sizeBytes = in.getUnsignedVarint();
                Field field = tagged(tag);
                if (field == null) {
                    in.skip(sizeBytes);
                    continue;
                }
                name = field.name;
                int limit = in.narrow(sizeBytes);
                field.read(in, numbers, references);
                if (in.remaining() != 0) {
                    throw new MalformedMessageException(in.remaining() + " bytes too many");
                }
                in.widen(limit);
            }
        } catch (MalformedMessageException e) {
            e.inField(name);
            throw e;
        } catch (BufferUnderflowException e) {
            throw endsEarly(name);
        }
    }

    private @Nullable Field tagged(int tag) {
        for (Field field : tagged) {
            if (field.tag == tag) {
                return field;
            }
        }
        return null;
    }

    @Override
    public void write(@Nullable Object value, WireSink out) {
        if (value == null) {
            throw new UnencodableMessageException("null where null is not allowed");
        }
        long[] numbers = new long[defaultNumbers.length];
        @Nullable Object[] references = new Object[defaultReferences.length];
        access.read(value, numbers, references);
        for (Field field : absent) {
            if (!field.ignorable && !isDefault(field, numbers, references)) {
                UnencodableMessageException e =
                        new UnencodableMessageException("this version has no such field");
                e.inField(field.name);
                throw e;
            }
        }
        int i = 0;
        try {
            for (; i < untagged.length; i++) {
                untagged[i].write(numbers, references, out);
            }
        } catch (UnencodableMessageException e) {
            e.inField(untagged[i].name);
            throw e;
        }
        if (flexible) {
            writeTagged(numbers, references, out);
        }
    }

    private void writeTagged(long[] numbers, @Nullable Object[] references, WireSink out) {
        int count = 0;
        for (Field field : tagged) {
            if (!isDefault(field, numbers, references)) {
                count++;
            }
        }
        out.putUnsignedVarint(count);
        if (count == 0) {
            return;
        }
        for (Field field : tagged) {
            if (!isDefault(field, numbers, references)) {
                try {
                    SizeCounter size = new SizeCounter();
                    field.write(numbers, references, size);
                    out.putUnsignedVarint(field.tag);
                    out.putUnsignedVarint(size.sizeBytes());
                    field.write(numbers, references, out);
                } catch (UnencodableMessageException e) {
                    e.inField(field.name);
                    throw e;
                }
            }
        }
    }

    private boolean isDefault(Field field, long[] numbers, @Nullable Object[] references) {
        int slot = field.slot;
        return field.scalar != null
                ? numbers[slot] == defaultNumbers[slot]
                : Objects.equals(references[slot], defaultReferences[slot]);
    }

    private static MalformedMessageException endsEarly(String field) {
        MalformedMessageException e = new MalformedMessageException("the bytes end early");
        e.inField(field);
        return e;
    }
}
