package io.leat.broker.api;

import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import java.util.List;

/** Replicas that an admin assigns by hand: with one broker there is one right answer. */
public final class Assignments {
    private Assignments() {}

    /**
     * Checks the replicas of one partition.
     *
     * @throws TopicException INVALID_REPLICA_ASSIGNMENT
     */
    public static void check(List<Integer> brokers, int nodeId) {
        if (brokers.isEmpty()) {
            throw invalid("A partition is assigned to no broker");
        }
        if (brokers.stream().distinct().count() < brokers.size()) {
            throw invalid("A partition is assigned to the same broker twice: " + brokers);
        }
        for (int broker : brokers) {
            if (broker != nodeId) {
                throw invalid("There is no broker " + broker + ", only " + nodeId);
            }
        }
    }

    private static TopicException invalid(String message) {
        return new TopicException(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
