package io.leat.client;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A group and its members.
 *
 * @param groupId its id
 * @param type by which protocol it lives
 * @param state such as {@code Stable}, {@code PreparingRebalance} or {@code Empty}
 * @param protocolType what its members do, {@code consumer} or {@code share}
 * @param assignor the name of the assignor in use; empty while there is none
 * @param coordinator the broker that looks after the group
 * @param members in no order
 */
public record GroupDescription(
        String groupId,
        GroupType type,
        String state,
        String protocolType,
        String assignor,
        Node coordinator,
        List<Member> members) {
    /**
     * A member.
     *
     * @param memberId the id that the coordinator gave it
     * @param groupInstanceId its own lasting name, if it has one
     * @param clientId how its client names itself
     * @param host where it connects from
     * @param partitions what it reads
     */
    public record Member(
            String memberId,
            Optional<String> groupInstanceId,
            String clientId,
            String host,
            Set<TopicPartition> partitions) {}
}
