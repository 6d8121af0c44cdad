package io.leat.broker.delay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.compaction.erasure.KeyHash;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What headers say about delivery. */
class TimingTest {
    private static final long NOW = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final long HORIZON = 86_400_000;

    @ParameterizedTest
    @CsvSource({
        "leat-deliver-at, 2026-01-01T00:00:01Z, 1000",
        "leat-deliver-at, 2026-01-01T02:00:00.500+01:00, 3600500",
        "leat-deliver-at, 1767225600001, 1",
        "leat-delay, 1500, 1500",
        "leat-delay, PT5M, 300000",
        "leat-delay, ' 86400000 ', 86400000",
        "leat-delay, P1D, 86400000",
    })
    void later(String header, String value, long millis) {
        assertEquals(new Timing.Later(NOW + millis, Optional.empty()), of(header, value));
    }

    @ParameterizedTest
    @CsvSource({
        "leat-deliver-at, 2025-12-31T23:59:59Z",
        "leat-deliver-at, 2026-01-01T00:00:00Z",
        "leat-deliver-at, 0",
        "leat-delay, 0",
        "leat-delay, PT0S",
        "other, 1000",
    })
    void atOnce(String header, String value) {
        assertEquals(Timing.Now.NOW, of(header, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "PT-1S", "1.5", "99999999999999999999", "P1Y"})
    void delaysThatMakeNoSense(String value) {
        Timing.Flaw flaw = assertInstanceOf(Timing.Flaw.class, of("leat-delay", value));
        assertTrue(flaw.message().contains("'" + value + "'"), flaw.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "2026-01-01", "2026-01-01T00:00:00", "-1"})
    void timesThatMakeNoSense(String value) {
        assertInstanceOf(Timing.Flaw.class, of("leat-deliver-at", value));
    }

    @Test
    void notBehindTheHorizon() {
        Timing.Flaw flaw =
                assertInstanceOf(Timing.Flaw.class, of("leat-delay", Long.toString(HORIZON + 1)));
        assertTrue(flaw.message().contains("leat.delayed.delivery.horizon.ms"), flaw.message());
    }

    @Test
    void theCancelKeyIsTheHeaderOrTheRecordsKey() {
        RecordHeader delay = RecordHeader.of("leat-delay", "1");
        assertEquals(new Timing.Later(NOW + 1, Optional.of(hash("k"))), of(record("k", delay)));
        assertEquals(
                new Timing.Later(NOW + 1, Optional.of(hash("other"))),
                of(record("k", delay, RecordHeader.of("leat-delay-key", "other"))));
        assertEquals(
                new Timing.Cancel(hash("k")),
                of(record("k", RecordHeader.of("leat-delay-cancel", ""))));
        assertEquals(
                new Timing.Cancel(hash("other")),
                of(record("k", RecordHeader.of("leat-delay-cancel", "other"))));
        assertInstanceOf(
                Timing.Flaw.class, of(record(null, RecordHeader.of("leat-delay-cancel", ""))));
    }

    @Test
    void headersThatExcludeEachOther() {
        RecordHeader delay = RecordHeader.of("leat-delay", "1");
        assertInstanceOf(
                Timing.Flaw.class, of(record("k", delay, RecordHeader.of("leat-deliver-at", "1"))));
        assertInstanceOf(
                Timing.Flaw.class,
                of(record("k", delay, RecordHeader.of("leat-delay-cancel", "x"))));
    }

    private static Timing of(String header, String value) {
        return of(record(null, RecordHeader.of(header, value)));
    }

    private static Timing of(Record record) {
        return Timing.of(record, NOW, HORIZON);
    }

    private static Record record(String key, RecordHeader... headers) {
        return new Record(0, 0, key == null ? null : bytes(key), null, List.of(headers));
    }

    private static KeyHash hash(String key) {
        return KeyHash.of(bytes(key));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
