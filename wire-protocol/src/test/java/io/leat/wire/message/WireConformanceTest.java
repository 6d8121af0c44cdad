package io.leat.wire.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leat.wire.message.MessageTypes.Versioned;
import io.leat.wire.schema.MessageCodec;
import io.leat.wire.schema.UnencodableMessageException;
import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Message;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our bytes are the official client's bytes, for every message in every version. */
class WireConformanceTest {
    private static final int MESSAGES_PER_VERSION = 40;

    @ParameterizedTest
    @MethodSource("io.leat.wire.message.MessageTypes#allVersions")
    void everyVersionIsTheOfficialClients(Versioned message) {
        for (int seed = 0; seed < MESSAGES_PER_VERSION; seed++) {
            assertConforms(message.type(), message.version(), seed);
        }
    }

    @ParameterizedTest
    @MethodSource("io.leat.wire.message.MessageTypes#allVersions")
    void valuesForFieldsOfOtherVersionsAreDroppedOrRefusedAsTheOfficialClientDoes(
            Versioned message) {
        assertOtherVersionsFieldsConform(message.type(), message.version());
    }

    private static <T extends Record> void assertOtherVersionsFieldsConform(
            Class<T> type, short version) {
        MessageCodec<T> codec = MessageCodec.of(type);
        RandomMessages random = new RandomMessages(version, version);
        for (T message : random.nextWithFieldsOfOtherVersions(type)) {
            ByteBuffer theirs;
            try {
                theirs = KafkaMessages.encode(KafkaMessages.of(message), version);
            } catch (UnsupportedVersionException e) {
                assertThrows(
                        UnencodableMessageException.class,
                        () -> codec.encode(message, version),
                        e.getMessage());
                continue;
            }
            assertEquals(theirs, codec.encode(message, version), message::toString);
        }
    }

    @Property(tries = 5000)
    void randomMessagesAreTheOfficialClients(
            @ForAll("versions") Versioned message, @ForAll long seed) {
        assertConforms(message.type(), message.version(), seed);
    }

    @Provide
    Arbitrary<Versioned> versions() {
        return Arbitraries.of(MessageTypes.allVersions().toList());
    }

    private static <T extends Record> void assertConforms(Class<T> type, short version, long seed) {
        MessageCodec<T> codec = MessageCodec.of(type);
        T message = new RandomMessages(seed, version).next(type);

        ByteBuffer ours = codec.encode(message, version);
        Message theirs = KafkaMessages.decode(type, ours, version);

        assertEquals("", KafkaMessages.difference(message, theirs), "as the client reads it");
        assertEquals(KafkaMessages.encode(theirs, version), ours, "as the client rewrites it");
        ByteBuffer written = KafkaMessages.encode(KafkaMessages.of(message), version);
        assertEquals(written, ours, "as the client writes it");
        assertEquals(message, codec.decode(ours, version));
        assertEquals(ours.remaining(), codec.sizeBytes(message, version));
    }
}
