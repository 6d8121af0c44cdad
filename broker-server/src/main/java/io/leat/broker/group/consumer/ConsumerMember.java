package io.leat.broker.group.consumer;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.group.classic.Protocol;
import io.leat.broker.group.member.Client;
import java.util.Optional;

/**
 * A member of a consumer group. Immutable.
 *
 * @param instanceId Kafka's {@code group.instance.id}: such a member is static (KIP-345)
 * @param rebalanceTimeoutMillis how long it may take to give partitions up
 * @param assignor the assignor that it wishes for
 * @param classic of a member that speaks the classic protocol
 */
public record ConsumerMember(
        String id,
        Optional<String> instanceId,
        Optional<String> rackId,
        Client client,
        int rebalanceTimeoutMillis,
        Subscription subscription,
        Optional<String> assignor,
        Standing standing,
        Optional<ClassicSide> classic) {
    /** How much heap it takes, roughly, with the alarm for its session. */
    long heapBytes() {
        return 4 * HeapBytes.OBJECT
                + 2 * HeapBytes.ENTRY
                + HeapBytes.text(id)
                + HeapBytes.text(instanceId)
                + HeapBytes.text(rackId)
                + client.heapBytes()
                + HeapBytes.texts(subscription.names())
                + HeapBytes.text(subscription.pattern())
                + HeapBytes.text(assignor)
                + standing.heapBytes()
                + classic.map(side -> Protocol.heapBytes(side.protocols())).orElse(0L);
    }

    boolean isStatic() {
        return instanceId.isPresent();
    }

    boolean isClassic() {
        return classic.isPresent();
    }

    ConsumerMember with(Standing newStanding) {
        return newStanding.equals(standing)
                ? this
                : new ConsumerMember(
                        id,
                        instanceId,
                        rackId,
                        client,
                        rebalanceTimeoutMillis,
                        subscription,
                        assignor,
                        newStanding,
                        classic);
    }

    ConsumerMember with(ClassicSide newClassic) {
        return new ConsumerMember(
                id,
                instanceId,
                rackId,
                client,
                rebalanceTimeoutMillis,
                subscription,
                assignor,
                standing,
                Optional.of(newClassic));
    }

    /** The same member under another id, back from wherever it was. */
    ConsumerMember replacedBy(String newId) {
        return new ConsumerMember(
                newId,
                instanceId,
                rackId,
                client,
                rebalanceTimeoutMillis,
                subscription,
                assignor,
                standing.back(),
                classic);
    }
}
