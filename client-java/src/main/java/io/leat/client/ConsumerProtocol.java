package io.leat.client;

import io.leat.wire.message.ConsumerProtocolAssignment;
import io.leat.wire.message.ConsumerProtocolSubscription;
import io.leat.wire.schema.MalformedMessageException;
import io.leat.wire.schema.MessageCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What members of a group tell each other through the coordinator, which does not look into it.
 * Members of other clients write and read the same bytes.
 *
 * <pre>
 * subscription, assignment   version int16 | ConsumerProtocolSubscription or ConsumerProtocolAssignment
 * user data of cooperative-sticky   generation int32
 * </pre>
 */
final class ConsumerProtocol {
    static final int NO_GENERATION = -1;

    private static final short SUBSCRIPTION_VERSION = 3;
    private static final short ASSIGNMENT_VERSION = 0;

    private ConsumerProtocol() {}

    /** What a member wants and has. */
    record Subscription(List<String> topics, List<TopicPartition> owned, int generation) {}

    static ByteBuffer writeSubscription(Subscription subscription, Assignor assignor) {
        ConsumerProtocolSubscription message =
                new ConsumerProtocolSubscription(
                        subscription.topics(),
                        assignor.isCooperative() ? generationData(subscription.generation()) : null,
                        Requests.byTopic(
                                subscription.owned(),
                                TopicPartition::partition,
                                ConsumerProtocolSubscription.TopicPartition::new),
                        subscription.generation(),
                        null);
        return versioned(
                SUBSCRIPTION_VERSION,
                MessageCodec.of(ConsumerProtocolSubscription.class)
                        .encode(message, SUBSCRIPTION_VERSION));
    }

    /** Members that are older than the generation field put it here, and look for it here. */
    private static ByteBuffer generationData(int generation) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(generation).flip();
    }

    static Subscription readSubscription(ByteBuffer bytes) {
        MessageCodec<ConsumerProtocolSubscription> codec =
                MessageCodec.of(ConsumerProtocolSubscription.class);
        ByteBuffer in = bytes.duplicate();
        short version = readVersion(in, codec);
        ConsumerProtocolSubscription message = codec.decodePrefix(in, version);
        List<TopicPartition> owned = new ArrayList<>();
        message.ownedPartitions()
                .forEach(topic ->
                        topic.partitions()
                                .forEach(p -> owned.add(new TopicPartition(topic.topic(), p))));
        int generation = message.generationId();
        ByteBuffer userData = message.userData();
        if (generation == NO_GENERATION
                && userData != null
                && userData.remaining() == Integer.BYTES) {
            generation = userData.getInt(userData.position());
        }
        return new Subscription(message.topics(), owned, generation);
    }

    static ByteBuffer writeAssignment(Collection<TopicPartition> partitions) {
        ConsumerProtocolAssignment message =
                new ConsumerProtocolAssignment(
                        Requests.byTopic(
                                partitions,
                                TopicPartition::partition,
                                ConsumerProtocolAssignment.TopicPartition::new),
                        null);
        return versioned(
                ASSIGNMENT_VERSION,
                MessageCodec.of(ConsumerProtocolAssignment.class)
                        .encode(message, ASSIGNMENT_VERSION));
    }

    static List<TopicPartition> readAssignment(ByteBuffer bytes) {
        MessageCodec<ConsumerProtocolAssignment> codec =
                MessageCodec.of(ConsumerProtocolAssignment.class);
        ByteBuffer in = bytes.duplicate();
        short version = readVersion(in, codec);
        List<TopicPartition> partitions = new ArrayList<>();
        codec.decodePrefix(in, version)
                .assignedPartitions()
                .forEach(topic ->
                        topic.partitions()
                                .forEach(
                                        p -> partitions.add(new TopicPartition(topic.topic(), p))));
        return partitions;
    }

    /** Later versions add fields at the end, which whoever does not know them leaves unread. */
    private static short readVersion(ByteBuffer in, MessageCodec<?> codec) {
        if (in.remaining() < Short.BYTES) {
            throw new MalformedMessageException(in.remaining() + " bytes are no " + codec.name());
        }
        return (short) Math.min(in.getShort(), codec.highestVersion());
    }

    private static ByteBuffer versioned(short version, ByteBuffer message) {
        return ByteBuffer.allocate(Short.BYTES + message.remaining())
                .putShort(version)
                .put(message)
                .flip();
    }
}
