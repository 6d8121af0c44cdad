package io.leat.broker.group.streams;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.group.member.Client;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A member of a streams group: a thread of an application. Immutable.
 *
 * @param instanceId Kafka's {@code group.instance.id}: such a member is static (KIP-345)
 * @param rebalanceTimeoutMillis how long it may take to give tasks up
 * @param topologyEpoch of the topology that it runs
 * @param processId the instance that it is a thread of
 * @param endpoint where it answers interactive queries
 * @param tags what it says of where it runs
 */
public record StreamsMember(
        String id,
        Optional<String> instanceId,
        Optional<String> rackId,
        Client client,
        int rebalanceTimeoutMillis,
        int topologyEpoch,
        String processId,
        Optional<Endpoint> endpoint,
        SortedMap<String, String> tags,
        Standing standing) {
    public StreamsMember {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** Where a client answers interactive queries. */
    public record Endpoint(String host, int port) {}

    /** How much heap it takes, roughly, with the alarm for its session. */
    long heapBytes() {
        return 4 * HeapBytes.OBJECT
                + 2 * HeapBytes.ENTRY
                + HeapBytes.text(id)
                + HeapBytes.text(instanceId)
                + HeapBytes.text(rackId)
                + client.heapBytes()
                + HeapBytes.text(processId)
                + endpoint.map(it -> HeapBytes.text(it.host())).orElse(0L)
                + HeapBytes.texts(tags.keySet())
                + HeapBytes.texts(tags.values())
                + standing.heapBytes();
    }

    boolean isStatic() {
        return instanceId.isPresent();
    }

    /** Whether it differs in what an assignment depends on. */
    boolean isOtherThan(StreamsMember before) {
        return topologyEpoch != before.topologyEpoch
                || !processId.equals(before.processId)
                || !rackId.equals(before.rackId)
                || !tags.equals(before.tags);
    }

    StreamsMember with(Standing newStanding) {
        return newStanding.equals(standing) ? this : copy(id, newStanding);
    }

    /** The same member under another id, back from wherever it was. */
    StreamsMember replacedBy(String newId) {
        return copy(newId, standing.back());
    }

    private StreamsMember copy(String newId, Standing newStanding) {
        return new StreamsMember(
                newId,
                instanceId,
                rackId,
                client,
                rebalanceTimeoutMillis,
                topologyEpoch,
                processId,
                endpoint,
                tags,
                newStanding);
    }
}
