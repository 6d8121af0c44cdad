package io.leat.broker.group;

/**
 * A consumer group: its members and its offsets. Immutable.
 *
 * @param membership of the classic protocol; the newer protocols will stand beside it
 */
record Group(String id, Membership membership, Offsets offsets) {}
