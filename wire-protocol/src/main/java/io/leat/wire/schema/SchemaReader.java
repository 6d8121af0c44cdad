package io.leat.wire.schema;

import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Derives the codec of one version from an annotated record and those nested in it. */
final class SchemaReader {
    private static final UUID ZERO_UUID = new UUID(0, 0);

    private final short version;
    private final boolean flexible;

    SchemaReader(short version, boolean flexible) {
        this.version = version;
        this.flexible = flexible;
    }

    StructCodec struct(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw new IllegalArgumentException(type.getName() + " is not a record");
        }
        @Nullable Scalar[] scalars = new Scalar[components.length];
        List<Field> untagged = new ArrayList<>();
        List<Field> tagged = new ArrayList<>();
        List<Field> absent = new ArrayList<>();
        long[] numbers = new long[components.length];
        @Nullable Object[] references = new Object[components.length];
        int numberCount = 0;
        int referenceCount = 0;
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            Scalar scalar = scalar(component);
            scalars[i] = scalar;
            int slot;
            if (scalar != null) {
                slot = numberCount++;
                numbers[slot] = defaultNumber(component, scalar);
            } else {
                slot = referenceCount++;
                references[slot] = defaultReference(component);
            }
            Field field = field(component, slot, scalar);
            if (!inVersion(component)) {
                absent.add(field);
            } else if (field.tag() != Field.UNTAGGED) {
                tagged.add(field);
            } else {
                untagged.add(field);
            }
        }
        tagged.sort(Comparator.comparingInt(Field::tag));
        return new StructCodec(
                new RecordAccess(type, scalars),
                untagged.toArray(Field[]::new),
                tagged.toArray(Field[]::new),
                absent.toArray(Field[]::new),
                flexible,
                java.util.Arrays.copyOf(numbers, numberCount),
                java.util.Arrays.copyOf(references, referenceCount));
    }

    private Field field(RecordComponent component, int slot, @Nullable Scalar scalar) {
        Tagged tagged = component.getAnnotation(Tagged.class);
        ValueCodec codec = scalar == null && inVersion(component) ? codec(component) : null;
        return new Field(
                component.getName(),
                slot,
                scalar,
                codec,
                tagged == null ? Field.UNTAGGED : tagged.value(),
                has(component, Ignorable.class));
    }

    private boolean inVersion(RecordComponent component) {
        Since since = component.getAnnotation(Since.class);
        Until until = component.getAnnotation(Until.class);
        return (since == null || version >= since.value())
                && (until == null || version <= until.value());
    }

    private boolean nullable(RecordComponent component) {
        NullableSince since = component.getAnnotation(NullableSince.class);
        return has(component, Nullable.class) && (since == null || version >= since.value());
    }

    private static boolean has(RecordComponent component, Class<? extends Annotation> annotation) {
        return component.isAnnotationPresent(annotation)
                || component.getAnnotatedType().isAnnotationPresent(annotation);
    }

    private static @Nullable Scalar scalar(RecordComponent component) {
        Class<?> type = component.getType();
        return type.isPrimitive() ? Scalar.of(type, has(component, Unsigned.class)) : null;
    }

    private ValueCodec codec(RecordComponent component) {
        boolean nullable = nullable(component);
        boolean compact = flexible && !has(component, NeverCompact.class);
        Type type = component.getGenericType();
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            Class<?> element = (Class<?>) list.getActualTypeArguments()[0];
            return new ValueCodecs.OfList(
                    codec(element, false, compact),
                    compact ? Lengths.COMPACT : Lengths.INT,
                    nullable);
        }
        return codec((Class<?>) type, nullable, compact);
    }

    private ValueCodec codec(Class<?> type, boolean nullable, boolean compact) {
        Lengths ofBytes = compact ? Lengths.COMPACT : Lengths.INT;
        if (type == String.class) {
            return new ValueCodecs.OfString(compact ? Lengths.COMPACT : Lengths.SHORT, nullable);
        } else if (type == UUID.class) {
            return new ValueCodecs.OfUuid();
        } else if (type == ByteBuffer.class) {
            return new ValueCodecs.OfBytes(ofBytes, nullable);
        } else if (type == Payload.class) {
            return new ValueCodecs.OfRecords(ofBytes, nullable);
        } else if (Scalar.fits(type)) {
            return new ValueCodecs.OfElement(Scalar.of(type, false));
        }
        StructCodec struct = struct(type);
        return nullable ? new ValueCodecs.OfNullable(struct) : struct;
    }

    private static long defaultNumber(RecordComponent component, Scalar scalar) {
        Default value = component.getAnnotation(Default.class);
        return value == null ? 0 : scalar.parse(value.value());
    }

    private static @Nullable Object defaultReference(RecordComponent component) {
        Default value = component.getAnnotation(Default.class);
        Class<?> type = component.getType();
        if (value == null && has(component, Nullable.class)) {
            return null;
        } else if (type == String.class) {
            return value == null ? "" : value.value();
        } else if (type == List.class) {
            return List.of();
        } else if (type == UUID.class) {
            return ZERO_UUID;
        } else if (type == ByteBuffer.class) {
            return ByteBuffer.allocate(0);
        } else if (type == Payload.class) {
            return new Payload.OfBuffer(ByteBuffer.allocate(0));
        }
        return defaultStruct(type);
    }

    private static Object defaultStruct(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Scalar[] scalars = new Scalar[components.length];
        List<Long> numbers = new ArrayList<>();
        List<@Nullable Object> references = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            Scalar scalar = scalar(components[i]);
            scalars[i] = scalar;
            if (scalar != null) {
                numbers.add(defaultNumber(components[i], scalar));
            } else {
                references.add(defaultReference(components[i]));
            }
        }
        return new RecordAccess(type, scalars)
                .create(
                        numbers.stream().mapToLong(Long::longValue).toArray(),
                        references.toArray());
    }
}
