package io.leat.broker.group;

/**
 * A consumer group: its members, its offsets, and those of open transactions. Immutable.
 *
 * @param membership of the classic protocol; the newer protocols will stand beside it
 */
record Group(String id, Membership membership, Offsets offsets, PendingOffsets pending) {}
