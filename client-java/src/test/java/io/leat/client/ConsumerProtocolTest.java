package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.junit.jupiter.api.Test;

/** Members of Apache Kafka's own client write and read the same bytes. */
final class ConsumerProtocolTest {
    private static final List<TopicPartition> PARTITIONS =
            List.of(
                    new TopicPartition("a", 0),
                    new TopicPartition("a", 3),
                    new TopicPartition("b", 1));
    private static final List<org.apache.kafka.common.TopicPartition> KAFKAS =
            PARTITIONS.stream()
                    .map(p -> new org.apache.kafka.common.TopicPartition(p.topic(), p.partition()))
                    .toList();

    @Test
    void kafkaReadsOurSubscription() {
        ByteBuffer bytes =
                ConsumerProtocol.writeSubscription(
                        new ConsumerProtocol.Subscription(List.of("a", "b"), PARTITIONS, 4),
                        Assignor.COOPERATIVE_STICKY);
        ConsumerPartitionAssignor.Subscription read =
                org.apache.kafka.clients.consumer.internals.ConsumerProtocol
                        .deserializeSubscription(bytes);
        assertEquals(List.of("a", "b"), read.topics());
        assertEquals(KAFKAS, read.ownedPartitions());
        assertEquals(Optional.of(4), read.generationId());
        assertEquals(4, read.userData().getInt());
    }

    @Test
    void weReadKafkasSubscriptionInEveryVersion() {
        ConsumerPartitionAssignor.Subscription theirs =
                new ConsumerPartitionAssignor.Subscription(
                        List.of("a", "b"),
                        ByteBuffer.allocate(4).putInt(6).flip(),
                        KAFKAS,
                        6,
                        Optional.of("rack"));
        for (short version = 0; version <= 3; version++) {
            ByteBuffer bytes =
                    org.apache.kafka.clients.consumer.internals.ConsumerProtocol
                            .serializeSubscription(theirs, version);
            ConsumerProtocol.Subscription read = ConsumerProtocol.readSubscription(bytes);
            assertEquals(List.of("a", "b"), read.topics());
            assertEquals(version == 0 ? List.of() : PARTITIONS, read.owned());
            assertEquals(6, read.generation());
        }
    }

    @Test
    void readsWhatLaterVersionsWrite() {
        ByteBuffer bytes =
                ConsumerProtocol.writeSubscription(
                        new ConsumerProtocol.Subscription(List.of("a"), List.of(), -1),
                        Assignor.RANGE);
        ByteBuffer later =
                ByteBuffer.allocate(bytes.remaining() + 3).put(bytes).put(new byte[3]).flip();
        later.putShort(0, (short) 9);
        assertEquals(List.of("a"), ConsumerProtocol.readSubscription(later).topics());
    }

    @Test
    void assignmentsAreTheSame() {
        ByteBuffer ours = ConsumerProtocol.writeAssignment(PARTITIONS);
        assertEquals(
                KAFKAS,
                org.apache.kafka.clients.consumer.internals.ConsumerProtocol.deserializeAssignment(
                                ours.duplicate())
                        .partitions());
        ByteBuffer theirs =
                org.apache.kafka.clients.consumer.internals.ConsumerProtocol.serializeAssignment(
                        new ConsumerPartitionAssignor.Assignment(KAFKAS));
        assertEquals(PARTITIONS, ConsumerProtocol.readAssignment(theirs));
    }
}
