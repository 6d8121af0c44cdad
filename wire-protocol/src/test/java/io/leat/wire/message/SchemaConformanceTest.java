package io.leat.wire.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.wire.message.MessageTypes.Versioned;
import io.leat.wire.schema.MessageCodec;
import io.leat.wire.schema.NeverCompact;
import io.leat.wire.schema.Payload;
import io.leat.wire.schema.Tagged;
import io.leat.wire.schema.Unsigned;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our records declare the fields that the official client's schemas have, version by version. */
class SchemaConformanceTest {
    @ParameterizedTest
    @MethodSource("exchanges")
    void versionRangesAreTheOfficialBrokers(Exchange<?, ?> exchange) {
        ApiKeys theirs = ApiKeys.forId(exchange.api().id());
        for (MessageCodec<?> ours : List.of(exchange.request(), exchange.response())) {
            assertEquals(theirs.oldestVersion(), ours.lowestVersion(), ours.name());
            assertEquals(theirs.latestVersion(false), ours.highestVersion(), ours.name());
        }
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void headerVersionsAreTheOfficialClients(Exchange<?, ?> exchange) {
        ApiKeys theirs = ApiKeys.forId(exchange.api().id());
        for (short v = theirs.oldestVersion(); v <= theirs.latestVersion(false); v++) {
            assertEquals(theirs.requestHeaderVersion(v), exchange.requestHeaderVersion(v));
            assertEquals(theirs.responseHeaderVersion(v), exchange.responseHeaderVersion(v));
        }
    }

    @ParameterizedTest
    @MethodSource("io.leat.wire.message.MessageTypes#allVersions")
    void fieldsAreTheOfficialClients(Versioned message) throws ReflectiveOperationException {
        Schema[] schemas =
                (Schema[]) KafkaMessages.classOf(message.type()).getField("SCHEMAS").get(null);
        List<String> theirs = new ArrayList<>();
        listTheirs(schemas[message.version()], "", theirs);

        List<String> ours = new ArrayList<>();
        listOurs(message, message.type(), "", ours);

        assertEquals(String.join("\n", theirs), String.join("\n", ours));
    }

    static List<Exchange<?, ?>> exchanges() {
        return Exchange.all().stream().filter(exchange -> !exchange.api().isLeats()).toList();
    }

    private static void listTheirs(Schema schema, String indent, List<String> lines) {
        for (BoundField field : schema.fields()) {
            if (field.def.type instanceof TaggedFields tagged) {
                lines.add(indent + "tagged section");
                new TreeMap<>(tagged.fields())
                        .forEach((tag, f) -> listTheirs(f, indent, " tag " + tag, lines));
            } else {
                listTheirs(field.def, indent, "", lines);
            }
        }
    }

    private static void listTheirs(Field field, String indent, String tag, List<String> lines) {
        Type type = field.type;
        String nullable = type.isNullable() ? " nullable" : "";
        String array = "";
        if (type.arrayElementType().isPresent()) {
            array = type instanceof CompactArrayOf ? "COMPACT_ARRAY of " : "ARRAY of ";
            type = type.arrayElementType().orElseThrow();
        }
        String name = type instanceof Schema ? "struct" : type.toString().replace("NULLABLE_", "");
        lines.add(indent + field.name + " " + array + name + nullable + tag);
        if (type instanceof Schema struct) {
            listTheirs(struct, indent + "    ", lines);
        }
    }

    private static void listOurs(
            Versioned message, Class<?> type, String indent, List<String> lines) {
        RandomMessages versioned = new RandomMessages(0, message.version());
        Map<Integer, RecordComponent> tagged = new TreeMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Tagged tag = component.getAnnotation(Tagged.class);
            if (versioned.inVersion(component) && tag != null) {
                tagged.put(tag.value(), component);
            } else if (versioned.inVersion(component)) {
                listOurs(message, component, indent, "", lines);
            }
        }
        if (message.codec().flexible(message.version())) {
            lines.add(indent + "tagged section");
        }
        tagged.forEach((tag, c) -> listOurs(message, c, indent, " tag " + tag, lines));
    }

    private static void listOurs(
            Versioned message,
            RecordComponent component,
            String indent,
            String tag,
            List<String> lines) {
        boolean compact =
                message.codec().flexible(message.version())
                        && !component.isAnnotationPresent(NeverCompact.class);
        boolean nullable = new RandomMessages(0, message.version()).nullableInVersion(component);
        String array = "";
        Class<?> type = component.getType();
        if (component.getGenericType() instanceof ParameterizedType list) {
            array = compact ? "COMPACT_ARRAY of " : "ARRAY of ";
            type = (Class<?>) list.getActualTypeArguments()[0];
        }
        String name = type.isRecord() ? "struct" : typeName(type, compact);
        if (component.isAnnotationPresent(Unsigned.class)) {
            name = type == long.class ? "UINT32" : "UINT16";
        }
        lines.add(
                indent
                        + snakeCase(component.getName())
                        + " "
                        + array
                        + name
                        + (nullable ? " nullable" : "")
                        + tag);
        if (type.isRecord()) {
            listOurs(message, type, indent + "    ", lines);
        }
    }

    private static String typeName(Class<?> type, boolean compact) {
        String prefix = compact ? "COMPACT_" : "";
        if (type == boolean.class) {
            return "BOOLEAN";
        } else if (type == byte.class || type == Byte.class) {
            return "INT8";
        } else if (type == short.class || type == Short.class) {
            return "INT16";
        } else if (type == int.class || type == Integer.class) {
            return "INT32";
        } else if (type == long.class || type == Long.class) {
            return "INT64";
        } else if (type == double.class) {
            return "FLOAT64";
        } else if (type == String.class) {
            return prefix + "STRING";
        } else if (type == UUID.class) {
            return "UUID";
        } else if (type == ByteBuffer.class) {
            return prefix + "BYTES";
        } else if (type == Payload.class) {
            return prefix + "RECORDS";
        }
        throw new IllegalStateException("a type that no message should have: " + type);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
