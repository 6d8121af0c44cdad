package io.leat.compaction.cleaning;

/**
 * What one pass has done.
 *
 * @param reached up to where the log is clean now
 * @param complete whether that is all that could be cleaned; if not, the map was full: go on
 * @param keys how many keys the dirty part had
 * @param recordsRemoved how many records went
 * @param tombstonesRemoved how many of them were tombstones that had expired
 * @param keylessRemoved how many of them had no key
 * @param bytesRead bytes of batches read, those that were read twice counted twice
 * @param bytesWritten bytes of batches written
 * @param bytesFreed by how much the log is smaller
 * @param segmentsBefore sealed segments before, up to where the pass went
 * @param segmentsAfter sealed segments afterwards
 */
public record CleaningReport(
        CleanPoint reached,
        boolean complete,
        long keys,
        long recordsRemoved,
        long tombstonesRemoved,
        long keylessRemoved,
        long bytesRead,
        long bytesWritten,
        long bytesFreed,
        int segmentsBefore,
        int segmentsAfter) {}
