package io.leat.storage.local;

import java.util.ArrayDeque;

/**
 * Bounds how many closed segments have their files open because someone read them: past the bound,
 * the one opened first is closed, and opened again when needed. Leases are not affected. Any
 * thread.
 */
final class OpenSegments {
    private final Disk disk;
    private final int openMax;
    private final ArrayDeque<Segment> open = new ArrayDeque<>();

    OpenSegments(Disk disk, int openMax) {
        this.disk = disk;
        this.openMax = openMax;
    }

    Disk disk() {
        return disk;
    }

    /** A segment was opened to be read. The caller holds no segment's monitor. */
    void opened(Segment segment) {
        Segment eldest;
        synchronized (this) {
            open.add(segment);
            if (open.size() <= openMax) {
                return;
            }
            eldest = open.remove();
        }
        eldest.unloadUnlessAdopted();
    }
}
