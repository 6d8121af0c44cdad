package io.leat.broker.delay;

/**
 * What is counted of a partition.
 *
 * @param nextNumber the number of the next record that comes
 * @param count how many are pending, held ones too
 * @param epoch the epoch of the next hand-over's batch
 * @param sequence its sequence
 */
record LaneState(long nextNumber, long count, short epoch, int sequence) {
    static final LaneState NEW = new LaneState(0, 0, (short) 0, 0);

    LaneState accepted(int numbers, int records) {
        return new LaneState(nextNumber + numbers, count + records, epoch, sequence);
    }

    LaneState gone(int records) {
        return new LaneState(nextNumber, count - records, epoch, sequence);
    }

    LaneState handedOver(int records) {
        return new LaneState(
                nextNumber, count - records, epoch, (sequence + records) & Integer.MAX_VALUE);
    }

    LaneState nextEpoch() {
        return new LaneState(nextNumber, count, (short) Math.min(epoch + 1, Short.MAX_VALUE), 0);
    }
}
