package io.leat.wire.schema;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/**
 * Takes records apart and puts them together. A record's components are split in two rows, each in
 * the components' order: numbers as 64 bits ({@link Scalar}), everything else as references.
 */
final class RecordAccess {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();

    private final Class<?> type;
    private final Scalar[] scalars; // null: a reference
    private final MethodHandle constructor;
    private final MethodHandle[] accessors;

    RecordAccess(Class<?> type, @Nullable Scalar[] scalars) {
        this.type = type;
        this.scalars = scalars;
        RecordComponent[] components = type.getRecordComponents();
        try {
            Class<?>[] parameters = new Class<?>[components.length];
            accessors = new MethodHandle[components.length];
            for (int i = 0; i < components.length; i++) {
                parameters[i] = components[i].getType();
                Method accessor = components[i].getAccessor();
                accessors[i] =
                        LOOKUP.unreflect(accessor)
                                .asType(MethodType.methodType(Object.class, Object.class));
            }
            constructor =
                    LOOKUP.findConstructor(type, MethodType.methodType(void.class, parameters))
                            .asSpreader(Object[].class, parameters.length)
                            .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is not public with its constructor", e);
        }
    }

    Object create(long[] numbers, @Nullable Object[] references) {
        @Nullable Object[] arguments = new Object[scalars.length];
        int number = 0;
        int reference = 0;
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] =
                    scalars[i] == null
                            ? references[reference++]
                            : scalars[i].box(numbers[number++]);
        }
        try {
            return (Object) constructor.invokeExact(arguments);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    void read(Object value, long[] numbers, @Nullable Object[] references) {
        int number = 0;
        int reference = 0;
        try {
            for (int i = 0; i < accessors.length; i++) {
                Object component = (Object) accessors[i].invokeExact(value);
                if (scalars[i] == null) {
                    references[reference++] = component;
                } else {
                    numbers[number++] = scalars[i].unbox(component);
                }
            }
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private RuntimeException rethrow(Throwable e) {
        if (e instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(type.getName() + " declares a checked exception", e);
    }
}
