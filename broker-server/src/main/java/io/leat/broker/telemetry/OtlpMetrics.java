package io.leat.broker.telemetry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Reads OpenTelemetry's MetricsData v1 as clients push it (opentelemetry/proto/metrics/v1): gauges
 * and sums, which is all that Kafka's clients have. These few fields of Protocol Buffers are read
 * here, because the library with its generated classes would be larger than all of this broker.
 *
 * <pre>
 * MetricsData     1 resource_metrics*
 * ResourceMetrics 2 scope_metrics*
 * ScopeMetrics    2 metrics*
 * Metric          1 name  5 gauge  7 sum
 * Gauge, Sum      1 data_points*      Sum  2 aggregation_temporality (1 delta)
 * DataPoint       7 attributes*  4 as_double(fixed64)  6 as_int(sfixed64)
 * KeyValue        1 key  2 value      AnyValue  1 string  2 bool  3 int
 *
 * field   key:varint = number &lt;&lt; 3 | type    type 0 varint  1 fixed64  2 length and bytes  5 fixed32
 * </pre>
 */
final class OtlpMetrics {
    private static final int DELTA = 1;

    private OtlpMetrics() {}

    /**
     * One measured value.
     *
     * @param delta whether it is what came since the last push, and not in all
     */
    record Point(String name, SortedMap<String, String> attributes, double value, boolean delta) {}

    /**
     * Reads all values.
     *
     * @throws InvalidTelemetryException when the bytes are no such message
     */
    static List<Point> read(ByteBuffer bytes) {
        List<Point> points = new ArrayList<>();
        children(
                bytes,
                1,
                resource ->
                        children(
                                resource,
                                2,
                                scope -> children(scope, 2, metric -> metric(metric, points))));
        return points;
    }

    /** What takes a message inside another. */
    private interface Part {
        void take(ByteBuffer bytes);
    }

    private static void metric(ByteBuffer bytes, List<Point> points) {
        String[] name = {""};
        List<ByteBuffer> data = new ArrayList<>(1);
        fields(
                bytes,
                (number, value) -> {
                    if (number == 1 && value instanceof ByteBuffer text) {
                        name[0] = string(text);
                    } else if ((number == 5 || number == 7) && value instanceof ByteBuffer part) {
                        data.add(part);
                    }
                });
        for (ByteBuffer part : data) {
            boolean[] delta = {false};
            fields(
                    part,
                    (number, value) -> {
                        if (number == 2 && value instanceof Long temporality) {
                            delta[0] = temporality == DELTA;
                        }
                    });
            children(part, 1, point -> points.add(point(name[0], point, delta[0])));
        }
    }

    private static Point point(String name, ByteBuffer bytes, boolean delta) {
        SortedMap<String, String> attributes = new TreeMap<>();
        double[] number = {0};
        fields(
                bytes,
                (field, value) -> {
                    if (field == 4 && value instanceof Long bits) {
                        number[0] = Double.longBitsToDouble(bits);
                    } else if (field == 6 && value instanceof Long whole) {
                        number[0] = whole;
                    } else if (field == 7 && value instanceof ByteBuffer attribute) {
                        attribute(attribute, attributes);
                    }
                });
        return new Point(name, attributes, number[0], delta);
    }

    private static void attribute(ByteBuffer bytes, SortedMap<String, String> attributes) {
        String[] pair = {"", ""};
        fields(
                bytes,
                (number, value) -> {
                    if (number == 1 && value instanceof ByteBuffer key) {
                        pair[0] = string(key);
                    } else if (number == 2 && value instanceof ByteBuffer any) {
                        fields(
                                any,
                                (type, scalar) -> {
                                    pair[1] =
                                            scalar instanceof ByteBuffer text
                                                    ? string(text)
                                                    : scalar.toString();
                                });
                    }
                });
        attributes.put(pair[0], pair[1]);
    }

    private static void children(ByteBuffer bytes, int number, Part part) {
        fields(
                bytes,
                (field, value) -> {
                    if (field == number && value instanceof ByteBuffer child) {
                        part.take(child);
                    }
                });
    }

    /** Gives each field as its number with a Long or a slice. */
    private static void fields(ByteBuffer message, BiConsumer<Integer, Object> field) {
        ByteBuffer bytes = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            long key = varint(bytes);
            int number = (int) (key >>> 3);
            switch ((int) (key & 7)) {
                case 0 -> field.accept(number, varint(bytes));
                case 1 -> field.accept(number, need(bytes, 8).getLong());
                case 2 -> {
                    long length = varint(bytes);
                    if (length < 0 || length > bytes.remaining()) {
                        throw new InvalidTelemetryException("a field is longer than its message");
                    }
                    ByteBuffer slice = bytes.slice(bytes.position(), (int) length);
                    bytes.position(bytes.position() + (int) length);
                    field.accept(number, slice);
                }
                case 5 -> field.accept(number, (long) need(bytes, 4).getInt());
                default -> throw new InvalidTelemetryException("there is no such type of field");
            }
        }
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = need(bytes, 1).get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new InvalidTelemetryException("a number has no end");
    }

    private static ByteBuffer need(ByteBuffer bytes, int count) {
        if (bytes.remaining() < count) {
            throw new InvalidTelemetryException("the message is cut off");
        }
        return bytes;
    }

    private static String string(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
