package io.leat.broker.group;

import io.leat.wire.ErrorCode;
import java.util.Set;
import java.util.UUID;

/**
 * The answer to a deletion of offsets.
 *
 * @param error of the request as a whole
 * @param subscribed the topics whose offsets stay because members are subscribed to them
 */
record DeleteOffsetsOutcome(ErrorCode error, Set<UUID> subscribed) {}
