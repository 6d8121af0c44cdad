package io.leat.storage.local;

import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a log again whose write or force failed.
 *
 * <p>After a failed force the kernel takes the pages for clean: a second force says that all is
 * well, reads show the bytes, and a power cut takes them. So nothing behind the durable end is
 * believed, nor forced once more:
 *
 * <pre>
 *              durable end
 * segments  ...----|~~~~~~|~~~~~~~      ~ written, never forced: in doubt
 * after     ...----|                    cut off; the block at the end is forced and then read from
 *                                       the disk itself; appends go on in a new file
 * </pre>
 *
 * <p>What is cut off was neither answered to {@code acks=all} nor shown to a consumer.
 */
final class LogHealing {
    private static final Logger LOG = LoggerFactory.getLogger(LogHealing.class);

    /** A failed write can have spoilt blocks at the durable end; this is more than one block. */
    private static final int DOUBTED_BYTES = 64 << 10;

    /**
     * A log that ends at its durable end, the last segment being closed.
     *
     * @param recovered without a writer
     * @param indexed how far the indexes go: to the end
     * @param aborted the aborted transactions of the segment named there
     */
    record Healed(LogRecovery.Recovered recovered, IndexedEnd indexed, AbortedIndex aborted) {
        /** The producers there; null where there are none. */
        @Nullable ByteBuffer snapshot() {
            ProducerTable producers = recovered.producers();
            boolean none = producers.size() == 0 && aborted.size() == 0;
            return none ? null : producers.snapshot(aborted);
        }
    }

    private final OpenSegments pool;
    private final Disk disk;
    private final Path directory;
    private final LogPosition durable;
    private final long firstIndexedBase;

    /**
     * @param checkpoint its durable end being that of all that was forced
     */
    LogHealing(OpenSegments pool, Path directory, LogCheckpoint checkpoint) {
        this.pool = pool;
        this.disk = pool.disk();
        this.directory = directory;
        this.durable = checkpoint.durable();
        this.firstIndexedBase = checkpoint.indexed().at().segmentBase();
    }

    /**
     * @param recovery of the log in this directory up to the durable end
     * @throws IOException when the disk still fails; to be tried again
     */
    Healed heal(LogRecovery recovery) throws IOException {
        cutBack();
        LogRecovery.Recovered found = recovery.recover();
        SegmentWriter writer = found.writer();
        if (writer == null) {
            return new Healed(found, IndexedEnd.startOf(found.end().offset()), new AbortedIndex());
        }
        try {
            writer.completeTimeIndex();
            cutAgain(writer);
            writer.files().data().force();
            requireOnDisk(writer);
            writer.files().offsets().file().trimAndForce();
            writer.files().times().file().trimAndForce();
            writer.aborted().seal(found.producers().lastStable(found.end().offset()));
            writer.segment().keepAborted(writer.aborted());
            disk.forceDirectory(directory);
            IndexedEnd indexed = writer.indexedEnd(found.end().offset());
            return new Healed(found.withoutWriter(), indexed, writer.aborted());
        } catch (IOException | RuntimeException e) {
            found.segments().forEach(Segment::retire);
            throw e;
        } finally {
            writer.segment().unload();
        }
    }

    private void cutBack() throws IOException {
        for (Segment segment : LogRecovery.segments(pool, directory)) {
            boolean last = segment.baseOffset() == durable.segmentBase();
            if (segment.baseOffset() > durable.segmentBase() || (last && durable.position() == 0)) {
                LOG.warn("{} was never durable: removed", segment);
                segment.delete();
                continue;
            }
            if (segment.baseOffset() >= firstIndexedBase) {
                renew(SegmentFiles.offsetIndexPath(directory, segment.baseOffset()));
                renew(SegmentFiles.timeIndexPath(directory, segment.baseOffset()));
            }
            if (last && segment.sizeBytes() > durable.position()) {
                LOG.warn(
                        "{} is cut at position {} (offset {}): {} bytes behind it were never"
                                + " forced",
                        segment,
                        durable.position(),
                        durable.offset(),
                        segment.sizeBytes() - durable.position());
                try (DiskFile file = disk.open(segment.dataPath(), Disk.Access.WRITE)) {
                    file.truncate(durable.position());
                }
            }
        }
    }

    /**
     * Puts a copy in the place of an index, whose force may have failed too; and readers go on with
     * the old one while the copy is worked on.
     */
    private void renew(Path index) throws IOException {
        if (!disk.exists(index)) {
            return;
        }
        Path copy = index.resolveSibling(index.getFileName() + ".renewed");
        disk.delete(copy);
        try (DiskFile from = disk.open(index, Disk.Access.READ);
                DiskFile to = disk.open(copy, Disk.Access.CREATE)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) from.sizeBytes());
            from.read(bytes, 0);
            to.write(bytes.flip(), 0);
        }
        disk.rename(copy, index);
    }

    /**
     * Has the file's size change once more: it may have been cut before, by a force that failed,
     * and then the disk still has it longer, though nothing is left to be forced.
     */
    private static void cutAgain(SegmentWriter writer) throws IOException {
        DiskFile data = writer.files().data();
        data.write(ByteBuffer.allocate(1), writer.position());
        data.truncate(writer.position());
    }

    /** Reads the end of what was forced from the disk, and not from the system's memory. */
    private void requireOnDisk(SegmentWriter writer) throws IOException {
        int end = writer.position();
        int from = Math.max(0, end - DOUBTED_BYTES);
        requireSound(writer, from);
        Path path = writer.segment().dataPath();
        Optional<ByteBuffer> onDisk = disk.readFromDisk(path, from, end - from);
        if (onDisk.isEmpty()) {
            LOG.info("{}: this file system cannot be read past the system's memory", path);
        } else if (!onDisk.get().equals(writer.files().bytes().slice(from, end - from))) {
            throw new IOException(
                    "%s: bytes before position %d were forced, and are not on the disk"
                            .formatted(path, end));
        }
    }

    private static void requireSound(SegmentWriter writer, int from) throws IOException {
        OffsetIndex index = writer.files().offsets();
        int entry = index.lookup(Long.MAX_VALUE, Math.max(from, 1));
        BatchCursor cursor = new BatchCursor(writer.files().bytes(), writer.position());
        boolean more = cursor.moveTo(entry < 0 ? 0 : index.position(entry));
        while (more) {
            RecordBatch batch = cursor.batch();
            if (cursor.position() + batch.sizeBytes() > from && !batch.crcValid()) {
                throw new IOException(
                        "%s is damaged at position %d (offset %d), which was forced"
                                .formatted(
                                        writer.segment(), cursor.position(), batch.baseOffset()));
            }
            more = cursor.next();
        }
    }
}
