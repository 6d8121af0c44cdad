package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Apache Kafka cannot erase keys, and the client says so at once. */
final class ErasureOnKafkaTest extends BrokerContract {
    @Override
    protected String bootstrap() {
        return SharedKafka.bootstrap();
    }

    @Test
    void saysThatOnlyLeatErasesKeys() {
        String topic = newTopic(1);
        KeyErasure erasure =
                KeyErasure.of(topic, "a key of somebody".getBytes(StandardCharsets.UTF_8));
        try (Admin admin = Admin.connect(bootstrap())) {
            for (ConnectionException failure :
                    List.of(
                            assertThrows(ConnectionException.class, () -> admin.eraseKeys(erasure)),
                            assertThrows(
                                    ConnectionException.class,
                                    () -> admin.describeErasure(UUID.randomUUID())),
                            assertThrows(
                                    ConnectionException.class,
                                    () -> admin.listErasures(Optional.empty(), 10)))) {
                assertEquals(ErrorCode.UNSUPPORTED_VERSION, failure.errorCode());
                assertFalse(failure.isRetriable());
                assertTrue(failure.getMessage().contains("only Leat"), failure.getMessage());
                assertFalse(failure.getMessage().contains("somebody"), failure.getMessage());
            }
        }
    }

    @Test
    void refusesNoneAndTooManyKeys() {
        assertThrows(IllegalArgumentException.class, () -> KeyErasure.of("t", List.of()));
        List<byte[]> tooMany = Collections.nCopies(1001, new byte[1]);
        assertThrows(IllegalArgumentException.class, () -> KeyErasure.of("t", tooMany));
    }
}
