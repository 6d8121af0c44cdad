package io.leat.compaction.cleaning;

import io.leat.storage.api.SealedSegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Which neighbouring segments become one. Pure.
 *
 * <p>Neighbours are put together as long as they fit into one segment, and as long as none of them
 * is larger than the others together: a large segment is not written again for each small one that
 * comes behind it, so that each byte is merged only as often as sizes can double.
 */
final class SegmentGroups {
    private SegmentGroups() {}

    /**
     * Divides segments into groups, most of them perhaps of one.
     *
     * @param segments neighbours, in order
     * @param bytesMax how large a segment may become
     */
    static List<List<SealedSegment>> of(List<SealedSegment> segments, long bytesMax) {
        List<List<SealedSegment>> groups = new ArrayList<>();
        int next = 0;
        while (next < segments.size()) {
            List<SealedSegment> rest = segments.subList(next, segments.size());
            List<SealedSegment> fitting = rest.subList(0, fitting(rest, bytesMax));
            List<SealedSegment> group =
                    isWorthWhile(fitting) ? List.copyOf(fitting) : List.of(rest.getFirst());
            groups.add(group);
            next += group.size();
        }
        return groups;
    }

    /** How many of the first segments fit into one; at least one. */
    private static int fitting(List<SealedSegment> segments, long bytesMax) {
        long bytes = segments.getFirst().sizeBytes();
        int count = 1;
        while (count < segments.size()) {
            SealedSegment more = segments.get(count);
            bytes += more.sizeBytes();
            if (bytes > bytesMax
                    || more.endOffset() - segments.getFirst().baseOffset() > Integer.MAX_VALUE) {
                break;
            }
            count++;
        }
        return count;
    }

    private static boolean isWorthWhile(List<SealedSegment> group) {
        long all = 0;
        long largest = 0;
        for (SealedSegment segment : group) {
            all += segment.sizeBytes();
            largest = Math.max(largest, segment.sizeBytes());
        }
        return 2 * largest <= all;
    }
}
