package io.leat.broker.group.classic;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What consumers are subscribed to. A subscription of any version begins like one of version 0, so
 * that is all we read of it.
 *
 * <pre>
 *   version int16 | topics int32, each: length int16, UTF-8 | …
 * </pre>
 */
final class Subscriptions {
    private Subscriptions() {}

    /**
     * The topics of all members of a consumer group, empty where the group is not one or where a
     * subscription cannot be read.
     */
    static Optional<Set<String>> topics(ClassicMembership membership) {
        if (!membership.isConsumer()) {
            return Optional.empty();
        }
        Set<String> topics = new HashSet<>();
        for (Member member : membership.members().all()) {
            Bytes metadata =
                    membership
                            .protocolName()
                            .filter(member::supports)
                            .map(member::metadata)
                            .orElseGet(() -> member.protocols().getFirst().metadata());
            Optional<Set<String>> own = topics(metadata);
            if (own.isEmpty()) {
                return own;
            }
            topics.addAll(own.get());
        }
        return Optional.of(topics);
    }

    /** Whether the offsets of {@code topic} are in use, or may be. */
    static boolean mayInclude(ClassicMembership membership, String topic) {
        return topics(membership)
                .map(topics -> topics.contains(topic))
                .orElse(membership.isConsumer());
    }

    static Optional<Set<String>> topics(Bytes subscription) {
        ByteBuffer in = subscription.view();
        try {
            in.getShort();
            int count = in.getInt();
            if (count < 0 || count > in.remaining()) {
                return Optional.empty();
            }
            Set<String> topics = HashSet.newHashSet(count);
            for (int i = 0; i < count; i++) {
                int length = in.getShort();
                if (length < 0) {
                    return Optional.empty();
                }
                byte[] name = new byte[length];
                in.get(name);
                topics.add(new String(name, StandardCharsets.UTF_8));
            }
            return Optional.of(topics);
        } catch (BufferUnderflowException e) {
            return Optional.empty(); // cut short, so not a subscription
        }
    }
}
