package io.leat.broker.delay;

import java.util.UUID;

/** Names a partition. */
record LaneId(UUID topicId, int partition) {}
