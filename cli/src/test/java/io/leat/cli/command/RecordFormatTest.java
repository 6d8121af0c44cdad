package io.leat.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.ConsumerRecord;
import io.leat.wire.record.RecordHeader;
import io.leat.wire.record.TimestampType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordFormatTest {
    private static final byte[] NOT_UTF8 = {(byte) 0xff, 0, (byte) 0xc3};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%k=%v        | key=grüße",
                "%K %V        | 3 7",
                "%t-%p@%o     | orders-4@77",
                "%T           | 1772366400001",
                "%D           | 2026-03-01T12:00:00.001Z",
                "%h           | a=1,b=,a=2",
                "100%% of %%v | 100% of %v",
                "ü%v          | ügrüße",
                "no field     | no field",
            })
    void fields(String template, String expected) {
        ConsumerRecord<byte[], byte[]> record =
                record(
                        utf8("key"),
                        utf8("grüße"),
                        RecordHeader.of("a", "1"),
                        new RecordHeader("b", null),
                        RecordHeader.of("a", "2"));
        assertEquals(expected, text(RecordTemplate.parse(template), record));
    }

    @Test
    void nullsAreEmptyAndOfNoLength() {
        assertEquals(
                "[][] -1 -1", text(RecordTemplate.parse("[%k][%v] %K %V"), record(null, null)));
    }

    @Test
    void bytesStayAsTheyAre() {
        assertArrayEquals(NOT_UTF8, bytes(RecordTemplate.parse("%v"), record(null, NOT_UTF8)));
    }

    @Test
    void escapes() {
        assertArrayEquals(
                new byte[] {'\n', '\t', '\r', 0, '\\', (byte) 0xfe, 'n'},
                bytes(RecordTemplate.parse("\\n\\t\\r\\0\\\\\\xfen"), record(null, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%q", "%", "abc%", "\\q", "\\", "\\x1", "\\xzz", "%v\\"})
    void refusesWhatThereIsNot(String template) {
        var error =
                assertThrows(IllegalArgumentException.class, () -> RecordTemplate.parse(template));
        assertTrue(error.getMessage().contains("there are "), error::getMessage);
    }

    @Test
    void jsonIsOneObjectALine() {
        assertEquals(
                "{\"topic\":\"orders\",\"partition\":4,\"offset\":77,"
                        + "\"timestamp\":1772366400001,\"timestampType\":\"create_time\","
                        + "\"key\":\"a\\\"b\\n\",\"value\":null,"
                        + "\"headers\":[{\"name\":\"h\",\"value\":\"1\"}]}\n",
                text(new RecordJson(), record(utf8("a\"b\n"), null, RecordHeader.of("h", "1"))));
    }

    @Test
    void jsonHoldsOtherBytesInBase64() {
        String line = text(new RecordJson(), record(NOT_UTF8, NOT_UTF8));
        assertTrue(line.contains("\"keyBase64\":\"/wDD\",\"valueBase64\":\"/wDD\""), line);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            byte @Nullable [] key, byte @Nullable [] value, RecordHeader... headers) {
        return new ConsumerRecord<>(
                "orders",
                4,
                77,
                1_772_366_400_001L,
                TimestampType.CREATE_TIME,
                key,
                value,
                List.of(headers));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(RecordFormat format, ConsumerRecord<byte[], byte[]> record) {
        return new String(bytes(format, record), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(RecordFormat format, ConsumerRecord<byte[], byte[]> record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.append(record, out);
        return out.toByteArray();
    }
}
