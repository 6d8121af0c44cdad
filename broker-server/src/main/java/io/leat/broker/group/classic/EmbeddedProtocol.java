package io.leat.broker.group.classic;

import io.leat.wire.message.ConsumerProtocolAssignment;
import io.leat.wire.message.ConsumerProtocolSubscription;
import io.leat.wire.schema.MessageCodec;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What consumers tell each other through a classic group: {@code version int16}, then a {@link
 * ConsumerProtocolSubscription} or a {@link ConsumerProtocolAssignment}. A newer version than ours
 * begins like our newest.
 */
public final class EmbeddedProtocol {
    private static final MessageCodec<ConsumerProtocolSubscription> SUBSCRIPTIONS =
            MessageCodec.of(ConsumerProtocolSubscription.class);
    private static final MessageCodec<ConsumerProtocolAssignment> ASSIGNMENTS =
            MessageCodec.of(ConsumerProtocolAssignment.class);

    private EmbeddedProtocol() {}

    /** Empty where the bytes are no subscription. */
    public static Optional<ConsumerProtocolSubscription> subscription(Bytes bytes) {
        return read(SUBSCRIPTIONS, bytes);
    }

    /** Empty where the bytes are no assignment. */
    public static Optional<ConsumerProtocolAssignment> assignment(Bytes bytes) {
        return read(ASSIGNMENTS, bytes);
    }

    /** Writes an assignment for a member with this subscription, in a version that it knows. */
    public static Bytes write(ConsumerProtocolAssignment assignment, Bytes subscription) {
        short theirs = subscription.sizeBytes() < 2 ? 0 : subscription.view().getShort();
        short version = (short) Math.clamp(theirs, 0, ASSIGNMENTS.highestVersion());
        ByteBuffer body = ASSIGNMENTS.encode(assignment, version);
        ByteBuffer out = ByteBuffer.allocate(2 + body.remaining()).putShort(version).put(body);
        return Bytes.of(out.array());
    }

    private static <T extends Record> Optional<T> read(MessageCodec<T> codec, Bytes bytes) {
        if (bytes.sizeBytes() < 2) {
            return Optional.empty();
        }
        ByteBuffer in = bytes.view();
        short version = in.getShort();
        if (version < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    codec.decodePrefix(in, (short) Math.min(version, codec.highestVersion())));
        } catch (RuntimeException e) {
            return Optional.empty(); // what clients tell each other may be anything
        }
    }
}
