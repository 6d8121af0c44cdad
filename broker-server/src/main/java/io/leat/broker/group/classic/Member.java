package io.leat.broker.group.classic;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.group.member.Client;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A member of a classic group. Immutable.
 *
 * @param id {@code <client id>-<uuid>}, for static members {@code <instance id>-<uuid>}
 * @param instanceId Kafka's {@code group.instance.id}: such a member is static (KIP-345)
 * @param protocols in the member's order of preference
 * @param assignment what the leader gave it in the group's generation
 */
public record Member(
        String id,
        Optional<String> instanceId,
        Client client,
        Timeouts timeouts,
        List<Protocol> protocols,
        Bytes assignment,
        Waiting waiting) {
    public Member {
        protocols = List.copyOf(protocols);
    }

    /**
     * How long the group waits for the member.
     *
     * @param sessionMillis without a heartbeat for this long, the member is removed
     * @param rebalanceMillis how long the member may take to join or sync
     */
    public record Timeouts(int sessionMillis, int rebalanceMillis) {}

    /** A member of a generation, that waits for nothing. */
    public static Member assigned(
            String id,
            Optional<String> instanceId,
            Client client,
            Timeouts timeouts,
            List<Protocol> protocols,
            Bytes assignment) {
        return new Member(
                id, instanceId, client, timeouts, protocols, assignment, new Waiting.Nothing());
    }

    /** How much heap it takes, roughly, with the alarm for its session. */
    long heapBytes() {
        return 4 * HeapBytes.OBJECT
                + 2 * HeapBytes.ENTRY
                + HeapBytes.text(id)
                + HeapBytes.text(instanceId)
                + client.heapBytes()
                + Protocol.heapBytes(protocols)
                + HeapBytes.array(assignment.sizeBytes());
    }

    boolean isStatic() {
        return instanceId.isPresent();
    }

    boolean waitsForJoin() {
        return waiting instanceof Waiting.ForJoin;
    }

    boolean supports(String protocol) {
        return protocols.stream().anyMatch(p -> p.name().equals(protocol));
    }

    /** The first of the candidates in the member's order. */
    Optional<String> vote(Set<String> candidates) {
        return protocols.stream().map(Protocol::name).filter(candidates::contains).findFirst();
    }

    /** The subscription for {@code protocol}, empty where the member does not support it. */
    Bytes metadata(String protocol) {
        return protocols.stream()
                .filter(p -> p.name().equals(protocol))
                .findFirst()
                .map(Protocol::metadata)
                .orElse(Bytes.EMPTY);
    }

    Member withId(String newId) {
        return new Member(newId, instanceId, client, timeouts, protocols, assignment, waiting);
    }

    Member withSubscription(List<Protocol> newProtocols, Timeouts newTimeouts) {
        return new Member(id, instanceId, client, newTimeouts, newProtocols, assignment, waiting);
    }

    Member withAssignment(Bytes newAssignment) {
        return new Member(id, instanceId, client, timeouts, protocols, newAssignment, waiting);
    }

    Member withWaiting(Waiting newWaiting) {
        return new Member(id, instanceId, client, timeouts, protocols, assignment, newWaiting);
    }
}
