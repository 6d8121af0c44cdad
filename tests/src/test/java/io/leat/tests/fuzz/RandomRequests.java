package io.leat.tests.fuzz;

import io.leat.wire.message.Exchange;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.RequestHeader;
import io.leat.wire.schema.MessageCodec;
import io.leat.wire.schema.Payload;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Unsigned;
import io.leat.wire.schema.Until;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Well-formed frames of requests with random fields, from the records that are their schema. Names
 * that matter are drawn often, so that requests come further than to the first check.
 */
final class RandomRequests {
    /** What names are drawn from: topics, groups, settings, users. */
    private static final List<String> NAMES =
            List.of(
                    "",
                    "fuzz",
                    "fuzz",
                    "fuzz-2",
                    ".",
                    "..",
                    "../../etc/passwd",
                    "a/b",
                    "a\\b",
                    "\0",
                    "\uD83D\uDE00",
                    "x".repeat(249),
                    "x".repeat(3000),
                    "__consumer_offsets",
                    "__cluster_metadata",
                    "group",
                    "member",
                    "consumer",
                    "range",
                    "retention.ms",
                    "cleanup.policy",
                    "segment.bytes",
                    "-1",
                    "compact",
                    "0",
                    "9223372036854775807",
                    "user",
                    "client-id",
                    "transactional",
                    "name with spaces",
                    "%s%n");

    private static final List<Exchange<?, ?>> EXCHANGES = Exchange.all();
    private static final int LIST_MAX = 4;
    private static final int DEPTH_MAX = 12;

    private final SplittableRandom random;
    private final RandomBatches batches;

    RandomRequests(SplittableRandom random) {
        this.random = random;
        this.batches = new RandomBatches(random);
    }

    /** A frame with its size in front. */
    ByteBuffer frame() {
        while (true) {
            Exchange<?, ?> exchange = EXCHANGES.get(random.nextInt(EXCHANGES.size()));
            ByteBuffer frame = frame(exchange);
            if (frame != null) {
                return frame;
            }
        }
    }

    private @Nullable ByteBuffer frame(Exchange<?, ?> exchange) {
        MessageCodec<?> codec = exchange.request();
        short version = (short) random.nextInt(codec.lowestVersion(), codec.highestVersion() + 1);
        ByteBuffer body = encode(codec, version);
        if (body == null) {
            return null;
        }
        ByteBuffer header =
                MessageCodec.of(RequestHeader.class)
                        .encode(
                                new RequestHeader(
                                        exchange.api().id(),
                                        version,
                                        random.nextInt(),
                                        random.nextInt(8) == 0 ? null : "fuzz"),
                                exchange.requestHeaderVersion(version));
        return ByteBuffer.allocate(Integer.BYTES + header.remaining() + body.remaining())
                .putInt(header.remaining() + body.remaining())
                .put(header)
                .put(body)
                .flip();
    }

    private <T> @Nullable ByteBuffer encode(MessageCodec<T> codec, short version) {
        try {
            T message = codec.type().cast(build(codec.type(), version, 0));
            if (message instanceof ProduceRequest && random.nextBoolean()) {
                message = codec.type().cast(batches.produce(version));
            }
            return codec.encode(message, version);
        } catch (RuntimeException e) {
            return null; // a value that this version cannot say: another is drawn
        }
    }

    private Object build(Class<?> type, short version, int depth) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = value(components[i], version, depth);
        }
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable Object value(RecordComponent component, short version, int depth) {
        Since since = component.getAnnotation(Since.class);
        Until until = component.getAnnotation(Until.class);
        boolean absent =
                (since != null && version < since.value())
                        || (until != null && version > until.value());
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (nullable && (absent || random.nextInt(4) == 0)) {
            return null;
        }
        Class<?> type = component.getType();
        if (type == List.class) {
            Class<?> element =
                    (Class<?>)
                            ((ParameterizedType) component.getGenericType())
                                    .getActualTypeArguments()[0];
            List<Object> list = new ArrayList<>();
            int size = absent || depth > DEPTH_MAX ? 0 : random.nextInt(LIST_MAX);
            for (int i = 0; i < size; i++) {
                list.add(scalar(element, component, version, depth));
            }
            return list;
        }
        return scalar(type, component, version, depth);
    }

    private Object scalar(Class<?> type, RecordComponent component, short version, int depth) {
        if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == byte.class || type == Byte.class) {
            return (byte) number();
        } else if (type == short.class || type == Short.class) {
            return (short) number();
        } else if (type == int.class || type == Integer.class) {
            if (component.isAnnotationPresent(Unsigned.class)) {
                return random.nextInt(1 << 16);
            }
            // What would make the broker wait for long is drawn small.
            return component.getName().endsWith("Ms") ? random.nextInt(50) : (int) number();
        } else if (type == long.class || type == Long.class) {
            return number();
        } else if (type == double.class) {
            return random.nextInt(3) == 0 ? Double.NaN : random.nextDouble() * number();
        } else if (type == String.class) {
            return NAMES.get(random.nextInt(NAMES.size()));
        } else if (type == UUID.class) {
            return new UUID(random.nextLong(3), random.nextLong(3));
        } else if (type == ByteBuffer.class) {
            return ByteBuffer.wrap(bytes(random.nextInt(100)));
        } else if (type == Payload.class) {
            return new Payload.OfBuffer(batches.batch());
        }
        return build(type, version, depth + 1);
    }

    private long number() {
        return switch (random.nextInt(8)) {
            case 0 -> -1;
            case 1 -> Long.MAX_VALUE;
            case 2 -> Long.MIN_VALUE;
            case 3 -> Integer.MAX_VALUE;
            case 4 -> random.nextLong();
            default -> random.nextInt(4);
        };
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
