package io.leat.compaction.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.compaction.retention.RetentionRule.Verdict;
import io.leat.storage.api.GrowingSegment;
import io.leat.storage.api.SealedSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionRuleTest {
    private static final long NOW = 1_000_000;
    private static final RetentionPolicy OLDER_THAN_100 = new RetentionPolicy(100, -1);

    /** Segments of ten offsets and a hundred bytes each, with these largest timestamps. */
    private static List<SealedSegment> segments(long... timestamps) {
        List<SealedSegment> segments = new ArrayList<>();
        for (int i = 0; i < timestamps.length; i++) {
            segments.add(new SealedSegment(10L * i, 10L * i + 10, 100, timestamps[i]));
        }
        return segments;
    }

    private static Verdict judge(
            List<SealedSegment> sealed, long growingTimestamp, RetentionPolicy policy) {
        long base = 10L * sealed.size();
        return RetentionRule.judge(
                sealed,
                Optional.of(new GrowingSegment(base, base + 3, 30, growingTimestamp)),
                policy,
                NOW);
    }

    @Test
    void oldSegmentsGoUpToTheFirstThatIsYoung() {
        assertEquals(
                new Verdict.StartAt(20),
                judge(segments(NOW - 500, NOW - 101, NOW - 100, NOW - 500), NOW, OLDER_THAN_100));
        assertEquals(
                new Verdict.Keep(), judge(segments(NOW - 100, NOW - 500), NOW, OLDER_THAN_100));
        assertEquals(new Verdict.Keep(), judge(segments(), NOW, OLDER_THAN_100));
    }

    @Test
    void aSegmentWithoutTimestampsIsAsOldAsTheOneBehindIt() {
        assertEquals(new Verdict.StartAt(20), judge(segments(-1, NOW - 500), NOW, OLDER_THAN_100));
        assertEquals(new Verdict.Keep(), judge(segments(-1, NOW), NOW, OLDER_THAN_100));
        assertEquals(new Verdict.StartAt(10), judge(segments(NOW - 500, -1), NOW, OLDER_THAN_100));
    }

    @Test
    void theSegmentThatGrowsIsSealedOnceAllIsOld() {
        assertEquals(
                new Verdict.SealFirst(), judge(segments(NOW - 500), NOW - 200, OLDER_THAN_100));
        assertEquals(new Verdict.SealFirst(), judge(segments(), NOW - 200, OLDER_THAN_100));
        assertEquals(new Verdict.Keep(), judge(segments(NOW), NOW - 200, OLDER_THAN_100));
        assertEquals(new Verdict.Keep(), judge(segments(), -1, OLDER_THAN_100));
        assertEquals(
                new Verdict.Keep(),
                RetentionRule.judge(
                        List.of(),
                        Optional.of(new GrowingSegment(5, 5, 0, NOW - 200)),
                        OLDER_THAN_100,
                        NOW));
    }

    @Test
    void whatIsTooMuchGoesAsLongAsEnoughStays() {
        List<SealedSegment> three = segments(NOW, NOW, NOW); // 330 bytes with the one that grows
        assertEquals(new Verdict.Keep(), judge(three, NOW, new RetentionPolicy(-1, 231)));
        assertEquals(new Verdict.StartAt(10), judge(three, NOW, new RetentionPolicy(-1, 230)));
        assertEquals(new Verdict.StartAt(30), judge(three, NOW, new RetentionPolicy(-1, 0)));
        assertEquals(new Verdict.Keep(), judge(three, NOW, new RetentionPolicy(-1, -1)));
    }

    @Test
    void theStricterOfBothDecides() {
        List<SealedSegment> three = segments(NOW - 500, NOW, NOW);
        assertEquals(new Verdict.StartAt(20), judge(three, NOW, new RetentionPolicy(100, 130)));
        assertEquals(new Verdict.StartAt(10), judge(three, NOW, new RetentionPolicy(100, 999)));
    }

    @Test
    void zeroKeepsNothingThatHasAged() {
        assertEquals(
                new Verdict.SealFirst(),
                judge(segments(NOW - 1), NOW - 1, new RetentionPolicy(0, -1)));
    }
}
