package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.NullableSince;
import io.leat.wire.schema.Payload;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Unsigned;
import io.leat.wire.schema.Until;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds random messages: every field that the version has gets a value, often a boundary or null,
 * every other field its default.
 */
final class RandomMessages {
    private static final int ELEMENTS_MAX = 3;
    private static final List<String> STRINGS =
            List.of("", "a", "flights", "naïve", "日本", "x".repeat(130), "😀");

    private final Random random;
    private final short version;

    RandomMessages(long seed, short version) {
        this.random = new Random(seed);
        this.version = version;
    }

    <T extends Record> T next(Class<T> type) {
        return build(type, c -> inVersion(c) ? value(c) : absent(c));
    }

    private static <T extends Record> T build(
            Class<T> type, Function<RecordComponent, @Nullable Object> valueOf) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types)
                    .newInstance(Stream.of(components).map(valueOf).toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Messages that differ from a random one in one value each, of a field the version lacks. */
    <T extends Record> List<T> nextWithFieldsOfOtherVersions(Class<T> type) {
        List<T> messages = new ArrayList<>();
        T message = next(type);
        for (RecordComponent component : type.getRecordComponents()) {
            if (!inVersion(component)) {
                messages.add(with(message, component, otherThanAbsent(component)));
                continue;
            }
            Class<?> struct = component.getType();
            if (component.getGenericType() instanceof ParameterizedType list) {
                struct = (Class<?>) list.getActualTypeArguments()[0];
            }
            if (struct.isRecord() && !Payload.class.isAssignableFrom(struct)) {
                for (Object s : nextWithFieldsOfOtherVersions(struct.asSubclass(Record.class))) {
                    boolean single = struct == component.getType();
                    messages.add(with(message, component, single ? s : List.of(s)));
                }
            }
        }
        return messages;
    }

    private Object otherThanAbsent(RecordComponent component) {
        Object absent = absent(component);
        Object value;
        do {
            value = anyValue(component);
        } while (value.equals(absent));
        return value;
    }

    @SuppressWarnings("unchecked") // getClass() of a T
    private static <T extends Record> T with(T message, RecordComponent changed, Object value) {
        return build(
                (Class<T>) message.getClass(),
                component -> {
                    try {
                        return component.getName().equals(changed.getName())
                                ? value
                                : component.getAccessor().invoke(message);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    boolean inVersion(RecordComponent component) {
        Since since = component.getAnnotation(Since.class);
        Until until = component.getAnnotation(Until.class);
        return (since == null || version >= since.value())
                && (until == null || version <= until.value());
    }

    boolean nullableInVersion(RecordComponent component) {
        NullableSince since = component.getAnnotation(NullableSince.class);
        return nullable(component) && (since == null || version >= since.value());
    }

    private Object value(RecordComponent component) {
        if (nullableInVersion(component) && random.nextInt(4) == 0) {
            return null;
        }
        Object absent = absent(component);
        if (absent != null && random.nextInt(8) == 0) {
            return absent;
        }
        return anyValue(component);
    }

    private Object anyValue(RecordComponent component) {
        if (component.getGenericType() instanceof ParameterizedType list) {
            Class<?> element = (Class<?>) list.getActualTypeArguments()[0];
            return IntStream.range(0, random.nextInt(ELEMENTS_MAX + 1))
                    .mapToObj(i -> value(element))
                    .toList();
        }
        if (component.isAnnotationPresent(Unsigned.class)) {
            return random.nextInt(1 << 16);
        }
        return value(component.getType());
    }

    private Object value(Class<?> type) {
        if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == byte.class || type == Byte.class) {
            return (byte) number();
        } else if (type == short.class || type == Short.class) {
            return (short) number();
        } else if (type == int.class || type == Integer.class) {
            return (int) number();
        } else if (type == long.class || type == Long.class) {
            return number();
        } else if (type == double.class) {
            return random.nextDouble();
        } else if (type == String.class) {
            return STRINGS.get(random.nextInt(STRINGS.size()));
        } else if (type == UUID.class) {
            return new UUID(random.nextLong(), random.nextLong());
        } else if (type == ByteBuffer.class) {
            return bytes();
        } else if (type == Payload.class) {
            return new Payload.OfBuffer(bytes());
        }
        return next(type.asSubclass(Record.class));
    }

    private long number() {
        return switch (random.nextInt(5)) {
            case 0 -> -1;
            case 1 -> 0;
            case 2 -> Long.MAX_VALUE;
            case 3 -> Long.MIN_VALUE;
            default -> random.nextLong();
        };
    }

    private ByteBuffer bytes() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    static boolean nullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** What a field is that is not on the wire. */
    static Object absent(RecordComponent component) {
        Default value = component.getAnnotation(Default.class);
        Class<?> type = component.getType();
        if (value == null && nullable(component)) {
            return null;
        }
        String number = value == null || value.value().isEmpty() ? "0" : value.value();
        if (type == boolean.class) {
            return Boolean.valueOf(number);
        } else if (type == byte.class || type == Byte.class) {
            return Byte.valueOf(number);
        } else if (type == short.class || type == Short.class) {
            return Short.valueOf(number);
        } else if (type == int.class) {
            return Integer.valueOf(number);
        } else if (type == long.class || type == Long.class) {
            return Long.valueOf(number);
        } else if (type == double.class) {
            return Double.valueOf(number);
        } else if (type == String.class) {
            return value == null ? "" : value.value();
        } else if (type == List.class) {
            return List.of();
        } else if (type == UUID.class) {
            return new UUID(0, 0);
        } else if (type == ByteBuffer.class) {
            return ByteBuffer.allocate(0);
        } else if (type == Payload.class) {
            return Payload.EMPTY;
        }
        return build(type.asSubclass(Record.class), RandomMessages::absent);
    }
}
