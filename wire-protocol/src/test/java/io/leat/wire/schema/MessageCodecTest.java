package io.leat.wire.schema;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    @Message(from = 0, to = 2, flexibleFrom = 2)
    public record Numbers(
            boolean flag, @Unsigned int port, @Unsigned long epoch, double ratio, byte tiny) {}

    @Message(from = 0, to = 1, flexibleFrom = 1)
    public record Texts(
            String name,
            @Nullable String note,
            @NullableSince(1) @Nullable List<Integer> numbers) {}

    @Message(from = 0, to = 2, flexibleFrom = 1)
    public record Outer(
            @Nullable Inner inner,
            List<Inner> inners,
            @Since(1) @Tagged(5) @Default("7") int five,
            @Since(1) @Tagged(2) @Nullable Inner two,
            @Until(1) @Default("-1") int old,
            @Since(2) @Ignorable String young) {
        public record Inner(int id, ByteBuffer bytes) {}
    }

    @Message(from = 0, to = 0)
    record Hidden(int a) {}

    private static final MessageCodec<Numbers> NUMBERS = MessageCodec.of(Numbers.class);
    private static final MessageCodec<Texts> TEXTS = MessageCodec.of(Texts.class);
    private static final MessageCodec<Outer> OUTER = MessageCodec.of(Outer.class);

    @Test
    void knowsItsVersions() {
        assertEquals("Outer", OUTER.name());
        assertEquals(0, OUTER.lowestVersion());
        assertEquals(2, OUTER.highestVersion());
        assertFalse(OUTER.flexible((short) 0));
        assertTrue(OUTER.flexible((short) 1));
        assertTrue(OUTER.supports((short) 2));
        assertFalse(OUTER.supports((short) 3));
        assertSame(OUTER, MessageCodec.of(Outer.class));
    }

    @Test
    void numbersTakeTheirWidth() {
        Numbers numbers = new Numbers(true, 0xFFFE, 0xFFFF_FFFDL, 1.5, (byte) -2);

        ByteBuffer bytes = NUMBERS.encode(numbers, (short) 0);

        assertEquals("01fffefffffffd3ff8000000000000fe", hex(bytes));
        assertEquals(numbers, NUMBERS.decode(bytes, (short) 0));
    }

    @ParameterizedTest
    @CsvSource({"65536, 0, port", "-1, 0, port", "0, 4294967296, epoch", "0, -1, epoch"})
    void unsignedNumbersHaveARange(int port, long epoch, String field) {
        Numbers numbers = new Numbers(false, port, epoch, 0, (byte) 0);

        UnencodableMessageException e =
                assertThrows(
                        UnencodableMessageException.class,
                        () -> NUMBERS.encode(numbers, (short) 1));
        assertTrue(e.getMessage().startsWith("Numbers v1, " + field + ": "), e::getMessage);
    }

    @Test
    void lengthsAreClassicOrCompact() {
        Texts texts = new Texts("é", null, List.of(1));

        assertEquals("0002c3a9" + "ffff" + "00000001" + "00000001", hex(TEXTS, texts, 0));
        assertEquals("03c3a9" + "00" + "02" + "00000001" + "00", hex(TEXTS, texts, 1));
    }

    @Test
    void nullIsForVersionsThatAllowIt() {
        Texts texts = new Texts("", null, null);

        assertEquals(texts, TEXTS.decode(TEXTS.encode(texts, (short) 1), (short) 1));
        UnencodableMessageException e =
                assertThrows(
                        UnencodableMessageException.class, () -> TEXTS.encode(texts, (short) 0));
        assertEquals("Texts v0, numbers: null where null is not allowed", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0000ffff" + "ffffffff, 'Texts v0, numbers: null where null is not allowed'",
        "0, ffff, 'Texts v0, name: null where null is not allowed'",
        "0, fffe, 'Texts v0, name: a length of -2'",
        "0, 0005616263, 'Texts v0, name: a length of 5 bytes where 3 remain'",
        "0, 00, 'Texts v0, name: the bytes end early'",
        "1, 0101ffffffff0f, 'Texts v1, numbers: a length of -2'",
        "1, 0101ffffffff1f, 'Texts v1, numbers: a varint of more than 32 bits'",
        "1, 0101ffffffffff, 'Texts v1, numbers: a varint of more than 5 bytes'",
        "1, 010103000000010000, 'Texts v1, numbers: a count of 2 where 6 bytes remain'",
        "1, 818002, 'Texts v1, name: a string of 32768 bytes'",
        "1, 01010001, 'Texts v1, tagged fields: the bytes end early'",
        "1, 010100010902ff, 'Texts v1, tagged fields: a length of 2 bytes where 1 remain'",
    })
    void damageIsNamedByMessageVersionAndField(short version, String bytes, String problem) {
        MalformedMessageException e =
                assertThrows(
                        MalformedMessageException.class, () -> TEXTS.decode(unhex(bytes), version));
        assertEquals(problem, e.getMessage());
    }

    @Test
    void damageInsideIsNamedByItsPath() {
        ByteBuffer bytes = unhex("ff" + "00000002" + "0000000100000000" + "00000002ffffffff");

        MalformedMessageException e =
                assertThrows(MalformedMessageException.class, () -> OUTER.decode(bytes, (short) 0));
        assertEquals("Outer v0, inners[1].bytes: null where null is not allowed", e.getMessage());
    }

    @Test
    void nullInsideIsNamedByItsPath() {
        Outer outer = new Outer(null, List.of(new Outer.Inner(1, null)), 7, null, -1, "");

        UnencodableMessageException e =
                assertThrows(
                        UnencodableMessageException.class, () -> OUTER.encode(outer, (short) 0));
        assertEquals("Outer v0, inners[0].bytes: null where null is not allowed", e.getMessage());
    }

    @Test
    void taggedFieldsAreWrittenByTagWhereTheyAreNotTheDefault() {
        Outer.Inner inner = new Outer.Inner(9, ByteBuffer.allocate(0));
        Outer plain = new Outer(null, List.of(), 7, null, -1, "");
        Outer tagged = new Outer(null, List.of(), 8, inner, -1, "");

        assertEquals("ff" + "01" + "ffffffff" + "00", hex(OUTER, plain, 1));
        assertEquals(
                "ff" + "01" + "ffffffff" + "02" + "0207" + "01000000090100" + "0504" + "00000008",
                hex(OUTER, tagged, 1));
        assertEquals(plain, OUTER.decode(OUTER.encode(plain, (short) 1), (short) 1));
        assertEquals(tagged, OUTER.decode(OUTER.encode(tagged, (short) 1), (short) 1));
    }

    @Test
    void unknownTagsAreSkipped() {
        Outer outer =
                OUTER.decode(
                        unhex("ff01ffffffff" + "03" + "0002abcd" + "050400000008" + "7f00"),
                        (short) 1);

        assertEquals(new Outer(null, List.of(), 8, null, -1, ""), outer);
    }

    @Test
    void aTaggedFieldTakesItsSizeExactly() {
        for (String field : List.of("0503000000", "05050000000800")) {
            MalformedMessageException e =
                    assertThrows(
                            MalformedMessageException.class,
                            () -> OUTER.decode(unhex("ff01ffffffff01" + field), (short) 1));
            assertTrue(e.getMessage().startsWith("Outer v1, five: "), e::getMessage);
        }
    }

    @Test
    void valuesOfOtherVersionsAreRefusedUnlessIgnorable() {
        Outer withOld = new Outer(null, List.of(), 7, null, 3, "");
        Outer withYoung = new Outer(null, List.of(), 7, null, -1, "dropped");

        UnencodableMessageException e =
                assertThrows(
                        UnencodableMessageException.class, () -> OUTER.encode(withOld, (short) 2));
        assertEquals("Outer v2, old: this version has no such field", e.getMessage());
        Outer decoded = OUTER.decode(OUTER.encode(withYoung, (short) 1), (short) 1);
        assertEquals("", decoded.young());
    }

    @Test
    void aStringHasAtMost32767Bytes() {
        Texts longest = new Texts("x".repeat(Short.MAX_VALUE), null, List.of());
        Texts tooLong = new Texts("x".repeat(Short.MAX_VALUE + 1), null, List.of());

        for (short version = 0; version <= 1; version++) {
            short v = version;
            assertEquals(longest, TEXTS.decode(TEXTS.encode(longest, v), v));
            assertThrows(UnencodableMessageException.class, () -> TEXTS.encode(tooLong, v));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c3", "6181", "eda080", "efbfbdff"})
    void aStringThatIsNotUtf8IsMalformed(String name) {
        ByteBuffer bytes = unhex("%04x".formatted(name.length() / 2) + name + "ffff" + "00000000");
        ByteBuffer direct =
                ByteBuffer.allocateDirect(bytes.remaining()).put(bytes.duplicate()).flip();
        for (ByteBuffer in : List.of(bytes, direct)) {
            MalformedMessageException e =
                    assertThrows(
                            MalformedMessageException.class, () -> TEXTS.decode(in, (short) 0));
            assertEquals("Texts v0, name: a string that is not UTF-8", e.getMessage());
        }
    }

    @Test
    void listsHaveTogetherNoMoreElementsThanAllowed() {
        Texts texts = new Texts("name", "nick", List.of(1, 2, 3));
        ByteBuffer encoded = TEXTS.encode(texts, (short) 1);

        assertEquals(texts, TEXTS.decode(encoded, (short) 1, 3));
        MalformedMessageException e =
                assertThrows(
                        MalformedMessageException.class, () -> TEXTS.decode(encoded, (short) 1, 2));
        assertTrue(String.valueOf(e.getMessage()).contains("too many elements: 3"), e::toString);
    }

    @Test
    void theReplacementCharacterIsOneLikeAnyOther() {
        Texts texts = new Texts("\uFFFD", "a\uFFFDb", List.of());

        assertEquals(texts, TEXTS.decode(TEXTS.encode(texts, (short) 1), (short) 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyBufferCanBeDecoded(boolean direct) {
        Texts texts = new Texts("name", "日本", List.of(1, 2));
        ByteBuffer encoded = TEXTS.encode(texts, (short) 1);
        int size = encoded.remaining();
        ByteBuffer in = direct ? ByteBuffer.allocateDirect(64) : ByteBuffer.allocate(64);
        in.order(ByteOrder.LITTLE_ENDIAN).put(3, encoded, 0, size).position(3).limit(3 + size);

        assertEquals(texts, TEXTS.decode(in, (short) 1));
        assertEquals(texts, TEXTS.decode(in.slice().asReadOnlyBuffer(), (short) 1));
        assertEquals(3, in.position());
        assertEquals(3 + size, in.limit());
    }

    @Test
    void aPrefixLeavesWhatFollows() {
        ByteBuffer in = unhex("0000ffff00000000" + "beef");

        Texts texts = TEXTS.decodePrefix(in, (short) 0);

        assertEquals(new Texts("", null, List.of()), texts);
        assertEquals("beef", hex(in));
    }

    @Test
    void decodedBytesShareTheBuffersMemory() {
        ByteBuffer in = unhex("01" + "00000001" + "00000001" + "aa" + "00000000" + "ffffffff");
        Outer outer = OUTER.decode(in, (short) 0);

        in.put(9, (byte) 0xbb);

        assertEquals("bb", hex(outer.inner().bytes()));
    }

    @Test
    void encodingLeavesBuffersWhereTheyAre() {
        ByteBuffer bytes = unhex("aabb");
        Outer outer = new Outer(new Outer.Inner(1, bytes), List.of(), 7, null, -1, "");

        assertEquals(OUTER.encode(outer, (short) 1), OUTER.encode(outer, (short) 1));
        assertEquals(2, bytes.remaining());
    }

    @Test
    void unknownVersionsAreTheCallersMistake() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> OUTER.decode(ByteBuffer.allocate(0), (short) 3));
        assertEquals("Outer has no version 3, only 0 to 2", e.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> OUTER.encode(new Outer(null, List.of(), 7, null, -1, ""), (short) -1));
        assertThrows(IllegalArgumentException.class, () -> OUTER.prepare((short) 3));
    }

    @Test
    void onlyAnnotatedPublicRecordsHaveCodecs() {
        assertThrows(
                IllegalArgumentException.class,
                () -> MessageCodec.of(Outer.Inner.class).lowestVersion());
        assertThrows(
                IllegalArgumentException.class,
                () -> MessageCodec.of(Hidden.class).encode(new Hidden(1), (short) 0));
    }

    @Message(from = 0, to = 0)
    public record Shared(String name, UUID id) {}

    @Test
    void manyThreadsMayBeTheFirstToUseACodec() throws Exception {
        int threads = 8;
        CyclicBarrier together = new CyclicBarrier(threads);
        Shared message = new Shared("x", new UUID(1, 2));
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            Callable<Shared> roundTrip =
                    () -> {
                        together.await();
                        MessageCodec<Shared> codec = MessageCodec.of(Shared.class);
                        return codec.decode(codec.encode(message, (short) 0), (short) 0);
                    };
            for (var result : executor.invokeAll(Collections.nCopies(threads, roundTrip))) {
                assertEquals(message, result.get());
            }
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void sinksTakeFromPositionToLimitAndGrow() {
        ByteBufferSink sink = new ByteBufferSink(1);
        byte[] expected = new byte[2000];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) i;
        }
        sink.putInt(0x00010203);
        sink.putBuffer(ByteBuffer.wrap(expected, 4, 1000));
        sink.putPayload(
                new Payload.OfBuffer(ByteBuffer.wrap(expected, 1004, 996).asReadOnlyBuffer()));

        byte[] put = new byte[2000];
        sink.toBuffer().get(put);
        assertArrayEquals(expected, put);
        sink.setInt(0, 42);
        assertEquals(42, sink.toBuffer().getInt());
        assertThrows(IndexOutOfBoundsException.class, () -> sink.setInt(1997, 0));
        sink.clear();
        assertEquals(0, sink.sizeBytes());
    }

    @Test
    void aNullableRecordMayBeNull() {
        Outer outer = OUTER.decode(unhex("ff00000000ffffffff"), (short) 0);

        assertNull(outer.inner());
        assertEquals(-1, outer.old());
        assertEquals(7, outer.five());
    }

    private static <T> String hex(MessageCodec<T> codec, T message, int version) {
        return hex(codec.encode(message, (short) version));
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    private static ByteBuffer unhex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
