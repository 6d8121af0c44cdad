package io.leat.compaction.cleaning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.storage.api.SealedSegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentGroupsTest {
    /** Groups by the sizes of what is in them. */
    private static List<List<Long>> groups(long bytesMax, long... sizes) {
        List<SealedSegment> segments = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            segments.add(new SealedSegment(i, i + 1, sizes[i], 1));
        }
        return SegmentGroups.of(segments, bytesMax).stream()
                .map(group -> group.stream().map(SealedSegment::sizeBytes).toList())
                .toList();
    }

    @Test
    void neighboursThatFitAreJoined() {
        assertEquals(List.of(), groups(100));
        assertEquals(List.of(List.of(100L), List.of(100L)), groups(100, 100, 100));
        assertEquals(List.of(List.of(30L, 30L, 40L), List.of(1L)), groups(100, 30, 30, 40, 1));
    }

    @Test
    void aLargeOneIsNotWrittenAgainForASmallOne() {
        assertEquals(List.of(List.of(90L), List.of(5L, 5L)), groups(100, 90, 5, 5));
        assertEquals(List.of(List.of(5L), List.of(90L)), groups(100, 5, 90));
        assertEquals(List.of(List.of(50L, 50L)), groups(100, 50, 50));
    }

    @Test
    void aSegmentCannotSpanMoreOffsetsThanItsIndexCanTell() {
        long far = Integer.MAX_VALUE;
        List<SealedSegment> segments =
                List.of(
                        new SealedSegment(0, far - 1, 5, 1),
                        new SealedSegment(far - 1, far, 5, 1),
                        new SealedSegment(far, far + 1, 5, 1));
        assertEquals(2, SegmentGroups.of(segments, 100).size());
    }
}
