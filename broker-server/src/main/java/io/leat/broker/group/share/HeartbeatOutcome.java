package io.leat.broker.group.share;

import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a member is told.
 *
 * @param epoch the member's epoch from now on
 * @param assignment empty where it is as it was
 */
record HeartbeatOutcome(
        ErrorCode error,
        int epoch,
        int heartbeatMillis,
        Optional<Map<UUID, List<Integer>>> assignment) {
    static HeartbeatOutcome refused(ErrorCode error) {
        return new HeartbeatOutcome(error, 0, 0, Optional.empty());
    }
}
