package io.leat.tests.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.Admin;
import io.leat.client.BrokerContract;
import io.leat.client.BrokerException;
import io.leat.client.Consumer;
import io.leat.client.ConsumerOptions;
import io.leat.client.Erasure;
import io.leat.client.KeyErasure;
import io.leat.client.OffsetReset;
import io.leat.client.Producer;
import io.leat.client.ProducerRecord;
import io.leat.client.RecordMetadata;
import io.leat.client.TopicPartition;
import io.leat.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Erasure of keys by Leat's own client. */
final class ErasureOnLeatTest extends BrokerContract {
    private Admin admin;

    @Override
    protected String bootstrap() {
        return SharedLeat.bootstrap();
    }

    @BeforeEach
    void connect() {
        admin = Admin.connect(bootstrap());
    }

    @AfterEach
    void close() {
        admin.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void erasesReportsAndRemembers() {
        String topic = newTopic(3);
        List<RecordMetadata> sent;
        try (Producer<byte[], byte[]> producer = Producer.connect(bootstrap())) {
            sent =
                    sendAll(
                            producer,
                            IntStream.range(0, 300)
                                    .mapToObj(i ->
                                            ProducerRecord.of(
                                                    topic, bytes("key-" + i % 10), bytes("" + i))));
        }
        UUID id = admin.eraseKeys(KeyErasure.of(topic, List.of(bytes("key-3"), bytes("key-7"))));
        Erasure done = admin.awaitErasure(id, PATIENCE);

        assertEquals(Erasure.State.DONE, done.state());
        assertEquals(Optional.empty(), done.problem());
        assertEquals(60, done.recordsRemoved());
        assertEquals(240, done.recordsVerified());
        assertEquals(3, done.partitionsDone());
        assertEquals(3, done.partitionCount());
        assertTrue(done.bytesFreed() > 0, done::toString);
        assertEquals(2, done.keyHashes().size());
        assertEquals(64, done.keyHashes().get(0).length());
        assertTrue(done.requestedBy().contains("127.0.0.1"), done::toString);
        assertEquals(List.of(id), ids(admin.listErasures(Optional.of(topic), 10)));
        assertTrue(ids(admin.listErasures(Optional.empty(), 100)).contains(id));
        assertEquals(240, values(topic, sent).size());

        Erasure again =
                admin.awaitErasure(admin.eraseKeys(KeyErasure.of(topic, bytes("key-3"))), PATIENCE);
        assertEquals(0, again.recordsRemoved());
        assertEquals(0, again.segmentsRewritten());
        assertEquals(240, again.recordsVerified());
    }

    private static List<UUID> ids(List<Erasure> erasures) {
        return erasures.stream().map(Erasure::id).toList();
    }

    /** What a consumer reads from the beginning to where these records end. */
    private List<String> values(String topic, List<RecordMetadata> sent) {
        List<String> values = new ArrayList<>();
        List<TopicPartition> partitions =
                sent.stream()
                        .map(each -> new TopicPartition(topic, each.partition()))
                        .distinct()
                        .toList();
        try (Consumer<byte[], byte[]> consumer =
                Consumer.connect(
                        ConsumerOptions.builder(bootstrap())
                                .offsetReset(OffsetReset.EARLIEST)
                                .build())) {
            consumer.assign(partitions);
            eventually(
                    "all is read",
                    () -> {
                        consumer.poll(Duration.ofMillis(50))
                                .forEach(record ->
                                        values.add(
                                                new String(
                                                        record.value(), StandardCharsets.UTF_8)));
                        return partitions.stream()
                                .allMatch(each -> consumer.position(each) >= end(sent, each));
                    });
        }
        return values;
    }

    private static long end(List<RecordMetadata> sent, TopicPartition partition) {
        return sent.stream()
                        .filter(each -> each.partition() == partition.partition())
                        .mapToLong(RecordMetadata::offset)
                        .max()
                        .orElseThrow()
                + 1;
    }

    @Test
    void failsAtOnceForWhatIsNotThere() {
        String nowhere = uniqueName("nowhere");
        BrokerException noTopic =
                assertThrows(
                        BrokerException.class,
                        () -> admin.eraseKeys(KeyErasure.of(nowhere, bytes("k"))));
        assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, noTopic.errorCode());
        assertTrue(noTopic.getMessage().contains(nowhere), noTopic.getMessage());
        BrokerException noErasure =
                assertThrows(BrokerException.class, () -> admin.describeErasure(UUID.randomUUID()));
        assertEquals(ErrorCode.RESOURCE_NOT_FOUND, noErasure.errorCode());
        assertEquals(List.of(), admin.listErasures(Optional.of(nowhere), 10));
    }
}
