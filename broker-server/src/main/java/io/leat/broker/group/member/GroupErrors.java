package io.leat.broker.group.member;

import io.leat.broker.coordinator.Unavailable;
import io.leat.wire.ErrorCode;

/** How clients are told that there is no decision on their group. */
public final class GroupErrors {
    private GroupErrors() {}

    /** The error for a group of any type. */
    public static ErrorCode of(Unavailable reason) {
        return switch (reason) {
            // Come again: clients wait a little and ask the same coordinator.
            case OVERLOADED -> ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
            case STORAGE_FAILED, CLOSED -> ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case FULL -> ErrorCode.GROUP_MAX_SIZE_REACHED;
            case RULE_FAILED -> ErrorCode.UNKNOWN_SERVER_ERROR;
        };
    }
}
