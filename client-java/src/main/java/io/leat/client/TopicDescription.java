package io.leat.client;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A topic and its partitions.
 *
 * @param name its name
 * @param id its id, which no other topic ever had, not even one of the same name
 * @param internal whether the brokers keep their own state in it
 * @param partitions by number
 */
public record TopicDescription(String name, UUID id, boolean internal, List<Partition> partitions) {
    /**
     * A partition.
     *
     * @param number from 0
     * @param leader the broker that reads and writes go to; empty while there is none
     * @param replicas the brokers that hold it, by id
     * @param inSyncReplicas those of them that have all of it
     */
    public record Partition(
            int number,
            Optional<Node> leader,
            List<Integer> replicas,
            List<Integer> inSyncReplicas) {}
}
