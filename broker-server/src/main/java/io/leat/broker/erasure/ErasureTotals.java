package io.leat.broker.erasure;

import io.leat.compaction.erasure.LogProgress;

/**
 * What an erasure has done in all partitions together.
 *
 * @param partitionsDone how many partitions are erased and verified
 * @param recordsRemoved how many records of the keys are gone
 * @param bytesFreed by how much files are smaller
 * @param segmentsRewritten how many segments held such records
 * @param tombstonesLeft how many tombstones stay behind
 * @param recordsVerified how many records the verification went through
 */
record ErasureTotals(
        int partitionsDone,
        long recordsRemoved,
        long bytesFreed,
        int segmentsRewritten,
        int tombstonesLeft,
        long recordsVerified) {
    static final ErasureTotals NOTHING = new ErasureTotals(0, 0, 0, 0, 0, 0);

    ErasureTotals plus(LogProgress log) {
        return new ErasureTotals(
                partitionsDone + (log.stage() == LogProgress.Stage.DONE ? 1 : 0),
                recordsRemoved + log.recordsRemoved(),
                bytesFreed + log.bytesFreed(),
                segmentsRewritten + log.segmentsRewritten(),
                tombstonesLeft + log.tombstonesLeft(),
                recordsVerified + log.recordsVerified());
    }
}
