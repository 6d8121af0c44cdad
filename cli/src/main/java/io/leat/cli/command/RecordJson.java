package io.leat.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.leat.cli.terminal.Json;
import io.leat.client.ConsumerRecord;
import io.leat.wire.record.RecordHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Prints each record as a JSON object on a line of its own. A key, a value or a header's value that
 * is not UTF-8, which JSON text has to be, stands in {@code keyBase64} or {@code valueBase64}
 * instead.
 */
final class RecordJson implements RecordFormat {
    @Override
    public void append(ConsumerRecord<byte[], byte[]> record, ByteArrayOutputStream out) {
        String line = Json.text(json -> write(record, json)) + "\n";
        out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(ConsumerRecord<byte[], byte[]> record, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", record.topic());
        json.writeNumberField("partition", record.partition());
        json.writeNumberField("offset", record.offset());
        json.writeNumberField("timestamp", record.timestampMillis());
        json.writeStringField(
                "timestampType", record.timestampType().name().toLowerCase(Locale.ROOT));
        content("key", buffer(record.key()), json);
        content("value", buffer(record.value()), json);
        json.writeArrayFieldStart("headers");
        for (RecordHeader header : record.headers()) {
            json.writeStartObject();
            json.writeStringField("name", header.key());
            content("value", header.value(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static void content(String name, @Nullable ByteBuffer bytes, JsonGenerator json)
            throws IOException {
        if (bytes == null) {
            json.writeNullField(name);
            return;
        }
        try {
            // A new decoder refuses what is not UTF-8, where others put a question mark.
            json.writeStringField(
                    name, StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString());
        } catch (CharacterCodingException e) {
            ByteBuffer text = Base64.getEncoder().encode(bytes.duplicate());
            json.writeStringField(
                    name + "Base64", StandardCharsets.US_ASCII.decode(text).toString());
        }
    }
}
