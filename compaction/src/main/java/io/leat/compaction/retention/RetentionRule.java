package io.leat.compaction.retention;

import io.leat.storage.api.GrowingSegment;
import io.leat.storage.api.SealedSegment;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link RetentionPolicy} demands of a log as it stands: whole segments go, the oldest
 * first, and never one behind another that stays. Pure.
 */
final class RetentionRule {
    private static final long NO_TIMESTAMP = -1;

    private RetentionRule() {}

    /** What is to be done. */
    sealed interface Verdict {
        /** Nothing. */
        record Keep() implements Verdict {}

        /** The log is to start here. */
        record StartAt(long offset) implements Verdict {}

        /** All is too old, the segment that grows too: it is to be sealed, and this asked again. */
        record SealFirst() implements Verdict {}
    }

    /**
     * Judges.
     *
     * @param sealed oldest first
     */
    static Verdict judge(
            List<SealedSegment> sealed,
            Optional<GrowingSegment> growing,
            RetentionPolicy policy,
            long nowMillis) {
        int expired = expired(sealed, policy, nowMillis);
        boolean allExpired = expired == sealed.size();
        if (allExpired && growing.isPresent() && isExpired(growing.get(), policy, nowMillis)) {
            return new Verdict.SealFirst();
        }
        int going = Math.max(expired, beyondSize(sealed, growing, policy));
        return going == 0
                ? new Verdict.Keep()
                : new Verdict.StartAt(sealed.get(going - 1).endOffset());
    }

    /**
     * How many of the oldest segments are too old. One without timestamps, such as one that lost
     * all of its records, is as old as the one behind it.
     */
    private static int expired(List<SealedSegment> sealed, RetentionPolicy policy, long nowMillis) {
        int expired = 0;
        for (int i = 0; i < sealed.size(); i++) {
            long youngest = sealed.get(i).maxTimestampMillis();
            if (youngest == NO_TIMESTAMP) {
                continue;
            }
            if (!isExpired(youngest, policy, nowMillis)) {
                break;
            }
            expired = i + 1;
        }
        return expired;
    }

    private static boolean isExpired(
            GrowingSegment growing, RetentionPolicy policy, long nowMillis) {
        return growing.sizeBytes() > 0
                && growing.maxTimestampMillis() != NO_TIMESTAMP
                && isExpired(growing.maxTimestampMillis(), policy, nowMillis);
    }

    private static boolean isExpired(long timestampMillis, RetentionPolicy policy, long nowMillis) {
        return policy.millis() >= 0 && nowMillis - timestampMillis > policy.millis();
    }

    /** How many of the oldest segments can go while the others hold at least what is kept. */
    private static int beyondSize(
            List<SealedSegment> sealed, Optional<GrowingSegment> growing, RetentionPolicy policy) {
        if (policy.bytes() < 0) {
            return 0;
        }
        long excess = growing.map(GrowingSegment::sizeBytes).orElse(0L) - policy.bytes();
        for (SealedSegment segment : sealed) {
            excess += segment.sizeBytes();
        }
        int going = 0;
        while (going < sealed.size() && excess >= sealed.get(going).sizeBytes()) {
            excess -= sealed.get(going).sizeBytes();
            going++;
        }
        return going;
    }
}
