package io.leat.wire.schema;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a record says about itself, all versions together. Read once per record type; no lambdas and
 * no records in here, which would double what the first message of a process costs.
 */
final class RecordSchema {
    private static final ClassValue<RecordSchema> SCHEMAS =
            new ClassValue<>() {
                @Override
                protected RecordSchema computeValue(Class<?> type) {
                    return new RecordSchema(type);
                }
            };

    private static final UUID ZERO_UUID = new UUID(0, 0);

    private final RecordAccess access;
    private final Component[] components;

    /** The rows that {@link RecordAccess} knows, filled with the components' defaults. */
    private final long[] defaultNumbers;

    private final @Nullable Object[] defaultReferences;

    private RecordSchema(Class<?> type) {
        access = RecordAccessWriter.define(type);
        RecordComponent[] declared = type.getRecordComponents();
        components = new Component[declared.length];
        int numbers = 0;
        int references = 0;
        for (int i = 0; i < declared.length; i++) {
            int slot = declared[i].getType().isPrimitive() ? numbers++ : references++;
            components[i] = new Component(declared[i], slot);
        }
        defaultNumbers = new long[numbers];
        defaultReferences = new Object[references];
        for (Component component : components) {
            if (component.scalar != null) {
                defaultNumbers[component.slot] = component.defaultNumber(component.scalar);
            } else {
                defaultReferences[component.slot] = component.defaultReference();
            }
        }
    }

    static RecordSchema of(Class<?> type) {
        return SCHEMAS.get(type);
    }

    RecordAccess access() {
        return access;
    }

    Component[] components() {
        return components;
    }

    long[] defaultNumbers() {
        return defaultNumbers;
    }

    @Nullable Object[] defaultReferences() {
        return defaultReferences;
    }

    /** A record of nothing but defaults. */
    Object defaultRecord() {
        return access.create(defaultNumbers, defaultReferences);
    }

    /** A record component and its annotations. */
    static final class Component {
        final String name;
        final int slot;
        final Class<?> type;
        final @Nullable Class<?> elementType; // of a list
        final @Nullable Scalar scalar; // of a number
        final int tag;
        final boolean ignorable;
        final boolean neverCompact;
        private final short since;
        private final short until;
        private final boolean nullable;
        private final short nullableSince;
        private final @Nullable String defaultText;

        Component(RecordComponent component, int slot) {
            this.slot = slot;
            name = component.getName();
            type = component.getType();
            scalar =
                    type.isPrimitive()
                            ? Scalar.of(type, component.isAnnotationPresent(Unsigned.class))
                            : null;
            elementType = scalar == null ? elementType(component.getGenericType()) : null;
            Tagged tagged = component.getAnnotation(Tagged.class);
            tag = tagged == null ? Field.UNTAGGED : tagged.value();
            ignorable = component.isAnnotationPresent(Ignorable.class);
            neverCompact = component.isAnnotationPresent(NeverCompact.class);
            Since sinceVersion = component.getAnnotation(Since.class);
            since = sinceVersion == null ? Short.MIN_VALUE : sinceVersion.value();
            Until untilVersion = component.getAnnotation(Until.class);
            until = untilVersion == null ? Short.MAX_VALUE : untilVersion.value();
            nullable =
                    scalar == null
                            && component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            NullableSince nullSince = component.getAnnotation(NullableSince.class);
            nullableSince = nullSince == null ? Short.MIN_VALUE : nullSince.value();
            Default absent = component.getAnnotation(Default.class);
            defaultText = absent == null ? null : absent.value();
        }

        private static @Nullable Class<?> elementType(Type type) {
            return type instanceof ParameterizedType list && list.getRawType() == List.class
                    ? (Class<?>) list.getActualTypeArguments()[0]
                    : null;
        }

        boolean in(short version) {
            return version >= since && version <= until;
        }

        boolean nullableIn(short version) {
            return nullable && version >= nullableSince;
        }

        private long defaultNumber(Scalar scalar) {
            return defaultText == null ? 0 : scalar.parse(defaultText);
        }

        private @Nullable Object defaultReference() {
            if (defaultText == null && nullable) {
                return null;
            } else if (type == String.class) {
                return defaultText == null ? "" : defaultText;
            } else if (elementType != null) {
                return List.of();
            } else if (type == UUID.class) {
                return ZERO_UUID;
            } else if (type == ByteBuffer.class) {
                return ByteBuffer.allocate(0);
            } else if (type == Payload.class) {
                return Payload.EMPTY;
            }
            return RecordSchema.of(type).defaultRecord();
        }
    }
}
