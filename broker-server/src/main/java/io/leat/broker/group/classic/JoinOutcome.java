package io.leat.broker.group.classic;

import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a join.
 *
 * @param generation the generation joined, -1 with an error
 * @param leader the leader's member id, empty with an error
 * @param skipAssignment whether the leader, back with a static member's assignment, leaves it as it
 *     is
 * @param memberId the asker's member id, perhaps a new one
 * @param members for the leader, all members with their subscriptions; else empty
 */
public record JoinOutcome(
        ErrorCode error,
        int generation,
        Optional<String> protocolType,
        Optional<String> protocolName,
        String leader,
        boolean skipAssignment,
        String memberId,
        List<Joined> members) {
    /** A member as its leader sees it. */
    public record Joined(String memberId, Optional<String> instanceId, Bytes metadata) {}

    public static JoinOutcome refused(ErrorCode error, String memberId) {
        return new JoinOutcome(
                error, -1, Optional.empty(), Optional.empty(), "", false, memberId, List.of());
    }
}
