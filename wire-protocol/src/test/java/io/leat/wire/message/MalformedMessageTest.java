package io.leat.wire.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.leat.wire.message.MessageTypes.Versioned;
import io.leat.wire.schema.MalformedMessageException;
import io.leat.wire.schema.MessageCodec;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes are, decoding gives a message or one kind of exception, and stays small. */
class MalformedMessageTest {
    private static final int SEEDS = 5;

    /** Decoded objects are larger than their bytes; hostile ones must not be much larger. */
    private static final int ALLOCATED_PER_BYTE_MAX = 200;

    private static final int ALLOCATED_BYTES_MAX = 256 * 1024;

    @ParameterizedTest
    @MethodSource("io.leat.wire.message.MessageTypes#allVersions")
    void cutOffAnywhereItIsMalformed(Versioned message) {
        for (int seed = 0; seed < SEEDS; seed++) {
            ByteBuffer whole = encodeRandom(message, seed);
            for (int size = 0; size < whole.remaining(); size++) {
                ByteBuffer cut = whole.slice(0, size);
                MalformedMessageException e =
                        assertThrows(
                                MalformedMessageException.class,
                                () -> message.codec().decode(cut, message.version()));
                assertTrue(
                        e.getMessage().startsWith(message + ", "),
                        () -> "names message, version and field: " + e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.leat.wire.message.MessageTypes#allVersions")
    void withAByteTooManyItIsMalformed(Versioned message) {
        ByteBuffer whole = encodeRandom(message, 0);
        ByteBuffer longer = ByteBuffer.allocate(whole.remaining() + 1).put(whole).rewind();

        MalformedMessageException e =
                assertThrows(
                        MalformedMessageException.class,
                        () -> message.codec().decode(longer, message.version()));
        assertEquals(message + ": 1 bytes follow the message", e.getMessage());
    }

    @ParameterizedTest
    @MethodSource("io.leat.wire.message.MessageTypes#allVersions")
    void hugeLengthsAnywhereAllocateLittle(Versioned message) {
        List<byte[]> lengths =
                List.of(
                        new byte[] {0x7F, -1, -1, -1}, // int32 and int16 maxima
                        new byte[] {-1, -1, -1, -1, 0x07}, // the largest length in a varint
                        new byte[] {-1, -1, -1, -1, 0x0F}, // beyond an int as a length
                        new byte[] {-128, -128, -128, -128, -128, 1}, // a varint that is too long
                        new byte[] {-128, 0, 0, 0}); // int32 minimum
        ByteBuffer whole = encodeRandom(message, 1);
        for (byte[] length : lengths) {
            for (int at = 0; at + length.length <= whole.remaining(); at++) {
                ByteBuffer damaged = copyOf(whole).put(at, length);
                assertDecodesOrIsMalformed(message, damaged);
            }
        }
    }

    @Property(tries = 10_000)
    void randomBytesDecodeOrAreMalformed(
            @ForAll("versions") Versioned message, @ForAll @Size(max = 200) byte[] bytes) {
        assertDecodesOrIsMalformed(message, ByteBuffer.wrap(bytes));
    }

    @Property(tries = 10_000)
    void damagedMessagesDecodeOrAreMalformed(
            @ForAll("versions") Versioned message, @ForAll long seed) {
        ByteBuffer damaged = copyOf(encodeRandom(message, seed));
        Random random = new Random(seed);
        for (int i = random.nextInt(4); i >= 0 && damaged.hasRemaining(); i--) {
            damaged.put(random.nextInt(damaged.remaining()), (byte) random.nextInt());
        }
        assertDecodesOrIsMalformed(message, damaged);
    }

    /** The smallest elements there are, as many as fit. */
    @ParameterizedTest
    @MethodSource("io.leat.wire.message.MessageTypes#allVersions")
    void manySmallElementsAllocateInProportion(Versioned message) {
        byte[] bytes = new byte[100_000];
        Arrays.fill(bytes, (byte) 1); // lengths of 0 in compact forms, of 0x01010101 in others
        assertDecodesOrIsMalformed(message, ByteBuffer.wrap(bytes));
        bytes[0] = -1;
        bytes[1] = -1;
        bytes[2] = 2; // a count of 49,150
        assertDecodesOrIsMalformed(message, ByteBuffer.wrap(bytes));
    }

    @Provide
    Arbitrary<Versioned> versions() {
        return Arbitraries.of(MessageTypes.allVersions().toList());
    }

    private static void assertDecodesOrIsMalformed(Versioned message, ByteBuffer bytes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        try {
            message.codec().decode(bytes, message.version());
        } catch (MalformedMessageException e) {
            assertTrue(e.getMessage().startsWith(message.toString()), e::getMessage);
        }
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        long allowed = ALLOCATED_BYTES_MAX + (long) bytes.remaining() * ALLOCATED_PER_BYTE_MAX;
        assertTrue(allocated <= allowed, () -> message + " allocated " + allocated);
    }

    private static ByteBuffer encodeRandom(Versioned message, long seed) {
        return encodeRandom(message.type(), message.version(), seed);
    }

    private static <T extends Record> ByteBuffer encodeRandom(
            Class<T> type, short version, long seed) {
        return MessageCodec.of(type).encode(new RandomMessages(seed, version).next(type), version);
    }

    private static ByteBuffer copyOf(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
}
