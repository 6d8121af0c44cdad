package io.leat.compaction.erasure;

import java.util.Optional;

/**
 * How far an erasure is in one log. Immutable; what is written down of it is enough to go on after
 * a crash, and to count right.
 *
 * @param boundary records from this offset on stay
 * @param stage what has been done
 * @param recordsRemoved how many records of the keys are gone
 * @param bytesFreed by how much files are smaller
 * @param segmentsRewritten how many segments held such records
 * @param tombstonesLeft for how many of the keys there is a tombstone behind what went
 * @param recordsVerified how many records the verification went through
 * @param pending what was about to be committed
 */
public record LogProgress(
        long boundary,
        Stage stage,
        long recordsRemoved,
        long bytesFreed,
        int segmentsRewritten,
        int tombstonesLeft,
        long recordsVerified,
        Optional<Pending> pending) {

    /** What has been done. */
    public enum Stage {
        /** Records may be left. */
        ERASING,
        /** None is left, as the files say; some bytes may still be in files that readers hold. */
        VERIFIED,
        /** All is gone. */
        DONE
    }

    /**
     * A rewrite that counts once it is committed: once its segment holds no record of the keys.
     *
     * @param baseOffset where the segment begins
     * @param endOffset where the next one begins
     */
    public record Pending(long baseOffset, long endOffset, long records, long bytes) {}

    /** The start. */
    public static LogProgress from(long boundary) {
        return from(boundary, 0);
    }

    /** The start, where records were removed before that were not in the log yet. */
    public static LogProgress from(long boundary, long recordsRemoved) {
        return new LogProgress(
                boundary, Stage.ERASING, recordsRemoved, 0, 0, 0, 0, Optional.empty());
    }

    /** With the boundary where the log ends, for a log that a power cut has shortened. */
    public LogProgress endingBefore(long end) {
        return end >= boundary
                ? this
                : new LogProgress(
                        end,
                        stage,
                        recordsRemoved,
                        bytesFreed,
                        segmentsRewritten,
                        tombstonesLeft,
                        recordsVerified,
                        pending);
    }

    LogProgress committing(Pending next) {
        return with(stage, Optional.of(next));
    }

    /** The pending rewrite took place. */
    LogProgress committed() {
        return pending.map(done ->
                        new LogProgress(
                                boundary,
                                stage,
                                recordsRemoved + done.records(),
                                bytesFreed + done.bytes(),
                                segmentsRewritten + 1,
                                tombstonesLeft,
                                recordsVerified,
                                Optional.empty()))
                .orElse(this);
    }

    /** The pending rewrite did not take place. */
    LogProgress dropped() {
        return with(stage, Optional.empty());
    }

    LogProgress leaving(int tombstones) {
        return new LogProgress(
                boundary,
                stage,
                recordsRemoved,
                bytesFreed,
                segmentsRewritten,
                tombstones,
                recordsVerified,
                pending);
    }

    LogProgress verified(long records) {
        return new LogProgress(
                boundary,
                Stage.VERIFIED,
                recordsRemoved,
                bytesFreed,
                segmentsRewritten,
                tombstonesLeft,
                records,
                Optional.empty());
    }

    LogProgress done() {
        return with(Stage.DONE, Optional.empty());
    }

    private LogProgress with(Stage next, Optional<Pending> nextPending) {
        return new LogProgress(
                boundary,
                next,
                recordsRemoved,
                bytesFreed,
                segmentsRewritten,
                tombstonesLeft,
                recordsVerified,
                nextPending);
    }
}
