package io.leat.wire.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.message.MessageTypes.Versioned;
import io.leat.wire.schema.MessageCodec;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages that only Leat has: no official client can vouch for them. */
class LeatMessagesTest {
    private static final int MESSAGES_PER_VERSION = 200;

    @ParameterizedTest
    @MethodSource("io.leat.wire.message.MessageTypes#leatsVersions")
    void whatIsWrittenIsRead(Versioned message) {
        for (int seed = 0; seed < MESSAGES_PER_VERSION; seed++) {
            assertRoundTrip(message.type(), message.version(), seed);
        }
    }

    private static <T extends Record> void assertRoundTrip(
            Class<T> type, short version, long seed) {
        MessageCodec<T> codec = MessageCodec.of(type);
        T message = new RandomMessages(seed, version).next(type);
        ByteBuffer bytes = codec.encode(message, version);
        assertEquals(bytes.remaining(), codec.sizeBytes(message, version));
        assertEquals(message, codec.decode(bytes, version));
    }

    /** Tagged fields can be added to all of them later, without a new version. */
    @Test
    void allAreFlexible() {
        MessageTypes.leatsVersions()
                .forEach(message ->
                        assertTrue(message.codec().flexible(message.version()), message::toString));
    }
}
