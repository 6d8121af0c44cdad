package io.leat.storage.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the files of one rewritten segment take the place of those of one or more old ones, so that
 * whenever the power goes, the next start finds all of the old or all of the new.
 *
 * <pre>
 *                                        BASE.log  others   files of the rewrite
 *   written and forced                   old       old      rewrite/BASE.log .index .timeindex
 * 1 rename to BASE-END.swap, force dir   old       old      BASE-END.swap, rewrite/BASE.index ..
 *   ---- from here on the new segment counts: a start that finds a .swap file goes on at 2 ----
 * 2 delete what lies in [BASE, END)      old       -        BASE-END.swap, rewrite/BASE.index ..
 * 3 move the new indexes, force dir      old       -        BASE-END.swap, BASE.index ..
 * 4 rename to BASE.log, force dir        new       -
 * </pre>
 *
 * <p>The name of the {@code .swap} file says which offsets it stands for, so that nothing else
 * needs to be written at the same time. A start after step 1 deletes indexes of BASE, whichever
 * they are: they are made anew when needed. What is left in {@code rewrite} without a {@code .swap}
 * file was never committed, and is deleted.
 *
 * <p>One thread at a time works on a log's directory.
 */
final class SegmentSwap {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentSwap.class);
    private static final Pattern SWAP = Pattern.compile("(\\d{20})-(\\d{20})\\.swap");
    private static final Pattern OF_SEGMENT = Pattern.compile("(\\d{20})\\.(?!producers$).+");
    private static final String WORKSHOP = "rewrite";

    private final Disk disk;
    private final Path directory;
    private final long baseOffset;
    private final long endOffset;

    /**
     * @param directory the log's
     * @param baseOffset where the rewritten segment begins
     * @param endOffset where the segment behind it begins
     */
    SegmentSwap(Disk disk, Path directory, long baseOffset, long endOffset) {
        this.disk = disk;
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.endOffset = endOffset;
    }

    /** Where the files of a rewrite are until it is committed. */
    static Path workshop(Path directory) {
        return directory.resolve(WORKSHOP);
    }

    /** Removes what is in the workshop, and the workshop. */
    static void clearWorkshop(Disk disk, Path directory) throws IOException {
        Path workshop = workshop(directory);
        for (Path file : disk.list(workshop)) {
            disk.delete(file);
        }
        disk.delete(workshop);
    }

    /** Finishes what a stop has cut short: what was committed is done, the rest removed. */
    static void finish(Disk disk, Path directory) throws IOException {
        for (Path path : disk.list(directory)) {
            Optional<SegmentSwap> swap = named(disk, directory, path);
            if (swap.isPresent()) {
                LOG.info("{} was committed: putting it in its place", path);
                swap.get().finishFromNames();
            }
        }
        if (disk.exists(workshop(directory))) {
            clearWorkshop(disk, directory);
        }
    }

    private static Optional<SegmentSwap> named(Disk disk, Path directory, Path path) {
        Matcher name = SWAP.matcher(path.getFileName().toString());
        return name.matches()
                ? Optional.of(
                        new SegmentSwap(
                                disk,
                                directory,
                                Long.parseLong(name.group(1)),
                                Long.parseLong(name.group(2))))
                : Optional.empty();
    }

    private void finishFromNames() throws IOException {
        removeReplaced();
        disk.forceDirectory(directory);
        place();
    }

    private Path swapPath() {
        return directory.resolve("%020d-%020d.swap".formatted(baseOffset, endOffset));
    }

    /**
     * Step 1: once this returns, the new segment is the one that counts. When it throws, the old
     * ones are, and what may have come of the attempt is removed again.
     */
    void commit() throws IOException {
        disk.rename(SegmentFiles.dataPath(workshop(directory), baseOffset), swapPath());
        try {
            disk.forceDirectory(directory);
        } catch (IOException e) {
            try {
                disk.delete(swapPath());
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Steps 2 to 4: the files get their names. When it throws, the next start goes on. */
    void complete() throws IOException {
        removeReplaced();
        Path workshop = workshop(directory);
        disk.rename(
                SegmentFiles.offsetIndexPath(workshop, baseOffset),
                SegmentFiles.offsetIndexPath(directory, baseOffset));
        disk.rename(
                SegmentFiles.timeIndexPath(workshop, baseOffset),
                SegmentFiles.timeIndexPath(directory, baseOffset));
        disk.forceDirectory(directory);
        place();
        clearWorkshop(disk, directory);
    }

    /** All files of old segments but the data file that the new one is renamed over. */
    private void removeReplaced() throws IOException {
        Path kept = SegmentFiles.dataPath(directory, baseOffset);
        List<Path> paths = disk.list(directory);
        for (Path path : paths) {
            Matcher name = OF_SEGMENT.matcher(path.getFileName().toString());
            if (name.matches() && !path.equals(kept)) {
                long base = Long.parseLong(name.group(1));
                if (base >= baseOffset && base < endOffset) {
                    disk.delete(path);
                }
            }
        }
    }

    private void place() throws IOException {
        disk.rename(swapPath(), SegmentFiles.dataPath(directory, baseOffset));
        disk.forceDirectory(directory);
    }
}
