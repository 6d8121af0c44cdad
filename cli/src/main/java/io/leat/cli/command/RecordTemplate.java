package io.leat.cli.command;

import io.leat.client.ConsumerRecord;
import io.leat.wire.record.RecordHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints records by a template of text and fields, with the letters that kcat users know. Keys,
 * values and headers come out byte by byte as they are.
 */
final class RecordTemplate implements RecordFormat {
    private static final String FIELDS = "%k %v %K %V %t %p %o %T %D %h %%";
    private static final String ESCAPES = "\\n \\t \\r \\0 \\xHH \\\\";

    private final List<RecordFormat> parts;

    private RecordTemplate(List<RecordFormat> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it has a field or an escape that there is not
     */
    static RecordTemplate parse(String text) {
        List<RecordFormat> parts = new ArrayList<>();
        ByteArrayOutputStream literal = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            int length = Character.charCount(c);
            if (c == '\\') {
                length = unescape(text, at, literal);
            } else if (c == '%' && !text.startsWith("%%", at)) {
                length = 2;
                endLiteral(literal, parts);
                parts.add(field(text, at));
            } else {
                literal.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                length = c == '%' ? 2 : length;
            }
            at += length;
        }
        endLiteral(literal, parts);
        return new RecordTemplate(parts);
    }

    private static void endLiteral(ByteArrayOutputStream literal, List<RecordFormat> parts) {
        if (literal.size() > 0) {
            byte[] bytes = literal.toByteArray();
            parts.add((record, out) -> out.writeBytes(bytes));
            literal.reset();
        }
    }

    private static RecordFormat field(String text, int at) {
        char letter = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        return switch (letter) {
            case 'k' -> (record, out) -> bytes(record.key(), out);
            case 'v' -> (record, out) -> bytes(record.value(), out);
            case 'K' -> (record, out) -> text(length(record.key()), out);
            case 'V' -> (record, out) -> text(length(record.value()), out);
            case 't' -> (record, out) -> text(record.topic(), out);
            case 'p' -> (record, out) -> text(record.partition(), out);
            case 'o' -> (record, out) -> text(record.offset(), out);
            case 'T' -> (record, out) -> text(record.timestampMillis(), out);
            case 'D' -> (record, out) -> text(Instant.ofEpochMilli(record.timestampMillis()), out);
            case 'h' -> (record, out) -> headers(record.headers(), out);
            default ->
                    throw new IllegalArgumentException(
                            "'"
                                    + text.substring(at, Math.min(at + 2, text.length()))
                                    + "' is no field; there are "
                                    + FIELDS);
        };
    }

    /** Appends what the escape at this place means; returns its length. */
    private static int unescape(String text, int at, ByteArrayOutputStream out) {
        char letter = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        switch (letter) {
            case 'n' -> out.write('\n');
            case 't' -> out.write('\t');
            case 'r' -> out.write('\r');
            case '0' -> out.write(0);
            case '\\' -> out.write('\\');
            case 'x' -> {
                out.write(hexByte(text, at));
                return 4;
            }
            default -> throw noEscape(text.substring(at, Math.min(at + 2, text.length())));
        }
        return 2;
    }

    private static int hexByte(String text, int at) {
        String escape = text.substring(at, Math.min(at + 4, text.length()));
        if (escape.length() < 4
                || !HexFormat.isHexDigit(escape.charAt(2))
                || !HexFormat.isHexDigit(escape.charAt(3))) {
            throw noEscape(escape);
        }
        return HexFormat.fromHexDigits(escape, 2, 4);
    }

    private static IllegalArgumentException noEscape(String text) {
        return new IllegalArgumentException("'" + text + "' is no escape; there are " + ESCAPES);
    }

    private static void bytes(byte @Nullable [] bytes, ByteArrayOutputStream out) {
        if (bytes != null) {
            out.writeBytes(bytes);
        }
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? -1 : bytes.length;
    }

    private static void text(Object value, ByteArrayOutputStream out) {
        out.writeBytes(value.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void headers(List<RecordHeader> headers, ByteArrayOutputStream out) {
        boolean first = true;
        for (RecordHeader header : headers) {
            text((first ? "" : ",") + header.key() + "=", out);
            first = false;
            ByteBuffer value = header.value();
            if (value != null) {
                byte[] copy = new byte[value.remaining()];
                value.get(value.position(), copy);
                out.writeBytes(copy);
            }
        }
    }

    @Override
    public void append(ConsumerRecord<byte[], byte[]> record, ByteArrayOutputStream out) {
        for (RecordFormat part : parts) {
            part.append(record, out);
        }
    }
}
