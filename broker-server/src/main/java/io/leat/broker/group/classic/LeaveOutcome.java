package io.leat.broker.group.classic;

import io.leat.wire.ErrorCode;
import java.util.List;

/**
 * The answer to a leave.
 *
 * @param error of the request as a whole
 * @param members an error code for each member, in the order they were named
 */
public record LeaveOutcome(ErrorCode error, List<ErrorCode> members) {}
