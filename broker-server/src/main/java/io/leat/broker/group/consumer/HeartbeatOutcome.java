package io.leat.broker.group.consumer;

import io.leat.broker.group.assign.PartitionSet;
import io.leat.wire.ErrorCode;
import java.util.Optional;

/**
 * The answer to a heartbeat.
 *
 * @param message why, with an error
 * @param intervalMillis when to be heard of again
 * @param assignment what the member is to own now, empty where it knows
 */
public record HeartbeatOutcome(
        ErrorCode error,
        Optional<String> message,
        String memberId,
        int epoch,
        int intervalMillis,
        Optional<PartitionSet> assignment) {
    public static HeartbeatOutcome refused(ErrorCode error, String message) {
        return new HeartbeatOutcome(error, Optional.of(message), "", 0, 0, Optional.empty());
    }
}
