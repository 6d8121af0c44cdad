package io.leat.broker.share;

import java.util.UUID;

/** Names what a share group knows of a partition. */
record SharePartitionId(String groupId, UUID topicId, int partition) {}
