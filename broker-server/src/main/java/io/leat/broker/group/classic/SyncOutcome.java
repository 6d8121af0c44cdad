package io.leat.broker.group.classic;

import io.leat.wire.ErrorCode;
import java.util.Optional;

/** The answer to a sync: the member's assignment. */
public record SyncOutcome(
        ErrorCode error,
        Optional<String> protocolType,
        Optional<String> protocolName,
        Bytes assignment) {
    public static SyncOutcome refused(ErrorCode error) {
        return new SyncOutcome(error, Optional.empty(), Optional.empty(), Bytes.EMPTY);
    }
}
