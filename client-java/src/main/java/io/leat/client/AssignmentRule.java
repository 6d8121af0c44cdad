package io.leat.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Shares out the partitions of a group. Pure: the same input gives the same output. */
@FunctionalInterface
interface AssignmentRule {
    /**
     * What a member wants and has.
     *
     * @param instanceId its lasting name, if it has one
     * @param topics what it subscribes to
     * @param owned what it says it has
     * @param generation the group's generation in which it got that, or -1
     */
    record Member(
            Optional<String> instanceId,
            List<String> topics,
            Set<TopicPartition> owned,
            int generation) {}

    /**
     * The partitions of each member.
     *
     * @param members by their id
     * @param partitionCounts how many partitions each topic has; those that do not exist are left
     *     out
     */
    Map<String, List<TopicPartition>> assign(
            Map<String, Member> members, Map<String, Integer> partitionCounts);
}
