package io.leat.storage.local;

import io.leat.storage.api.LogConfig;
import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what there is of a log from its files and its checkpoint.
 *
 * <pre>
 *              indexed.at              durable             end of files
 * segments  ...----|--------------------|--------------------|
 *                  | headers are read,  | CRCs are checked:  |
 *                  | for indexes and    | the first invalid  |
 *                  | producers          | batch ends the log |
 * </pre>
 *
 * <p>What does not add up before {@code durable} was acknowledged and is damage: it is reported and
 * nothing is changed.
 */
final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);
    private static final int PIECE_BYTES = 1 << 20;

    /**
     * A log that is ready to go on.
     *
     * @param segments all segments, the last being the writer's
     * @param writer the last segment; none where the log has no files
     * @param producers the producers as of the end
     * @param end the end of the log, forced
     */
    record Recovered(
            List<Segment> segments,
            @Nullable SegmentWriter writer,
            ProducerTable producers,
            LogPosition end) {
        /** The same, to go on in a new segment. */
        Recovered withoutWriter() {
            return new Recovered(segments, null, producers, end);
        }
    }

    private final OpenSegments pool;
    private final Disk disk;
    private final Path directory;
    private final LogConfig config;
    private final LogCheckpoint checkpoint;
    private final long nowMillis;
    private final List<Segment> opened = new ArrayList<>();
    private long nextOffset;

    LogRecovery(
            OpenSegments pool,
            Path directory,
            LogConfig config,
            LogCheckpoint checkpoint,
            long nowMillis) {
        this.pool = pool;
        this.disk = pool.disk();
        this.directory = directory;
        this.config = config;
        this.checkpoint = checkpoint;
        this.nowMillis = nowMillis;
        this.nextOffset = checkpoint.indexed().at().offset();
    }

    /** Whether a log's files end where its checkpoint does, so that there is nothing to recover. */
    static boolean needless(OpenSegments pool, Path directory, LogCheckpoint checkpoint)
            throws IOException {
        LogPosition durable = checkpoint.durable();
        List<Segment> segments = segments(pool, directory);
        if (segments.isEmpty()) {
            return durable.position() == 0 && durable.offset() == checkpoint.logStart();
        }
        Segment last = segments.getLast();
        return last.baseOffset() == durable.segmentBase() && last.sizeBytes() == durable.position();
    }

    /** The segments in a directory, by base offset. */
    static List<Segment> segments(OpenSegments pool, Path directory) throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (Path path : pool.disk().list(directory)) {
            String name = path.getFileName().toString();
            if (name.matches("\\d{20}\\.log")) {
                try {
                    long sizeBytes = pool.disk().sizeBytes(path);
                    if (sizeBytes > Integer.MAX_VALUE) {
                        throw new DamagedLogException(path + " is too large: " + sizeBytes);
                    }
                    long baseOffset = Long.parseLong(name.substring(0, 20));
                    segments.add(new Segment(pool, directory, baseOffset, (int) sizeBytes));
                } catch (NoSuchFileException e) {
                    // Trimmed meanwhile: it does not count.
                }
            }
        }
        segments.sort((a, b) -> Long.compare(a.baseOffset(), b.baseOffset()));
        return segments;
    }

    /**
     * @throws DamagedLogException when what was durable is not there; no file is changed then
     */
    Recovered recover() throws IOException {
        List<Segment> found = segments(pool, directory);
        LogPosition durable = checkpoint.durable();
        if (found.isEmpty()) {
            if (durable.position() > 0 || durable.offset() > checkpoint.logStart()) {
                throw new DamagedLogException(
                        "%s has no segments; offsets %d to %d were durable"
                                .formatted(directory, checkpoint.logStart(), durable.offset()));
            }
            return new Recovered(List.of(), null, new ProducerTable(), durable);
        }
        List<Segment> kept = new ArrayList<>();
        List<Segment> tail = new ArrayList<>();
        for (Segment segment : found) {
            boolean before = segment.baseOffset() < checkpoint.indexed().at().segmentBase();
            (before ? kept : tail).add(segment);
        }
        try {
            return walkTail(kept, tail, restored(kept, tail));
        } catch (IOException | RuntimeException e) {
            opened.forEach(Segment::retire);
            throw e;
        }
    }

    private Recovered walkTail(
            List<Segment> kept, List<Segment> tail, ProducerTable.Restored restored)
            throws IOException {
        ProducerTable producers = restored.producers();
        SegmentWriter writer = null;
        boolean cut = false;
        for (Segment segment : tail) {
            if (cut || (writer != null && segment.baseOffset() != nextOffset)) {
                requireBeyondDurable(segment);
                LOG.warn("{} is behind the end of the log: removed", segment);
                segment.delete();
                cut = true;
                continue;
            }
            if (writer != null) {
                writer.aborted().seal(producers.lastStable(nextOffset));
                seal(writer);
                writer.segment().unload();
                kept.add(writer.segment());
            }
            boolean first = segment.baseOffset() == checkpoint.indexed().at().segmentBase();
            AbortedIndex aborted =
                    first ? abortedBefore(segment, restored.aborted()) : new AbortedIndex();
            writer = open(segment);
            writer.aborted(aborted);
            cut = !walk(writer, segment.sizeBytes(), producers);
        }
        if (writer == null) {
            // Only where the checkpoint was taken just after a roll, before the new file was made.
            LogPosition at = checkpoint.indexed().at();
            if (at.position() > 0) {
                throw new DamagedLogException(
                        "%s is missing; it was durable up to offset %d"
                                .formatted(
                                        SegmentFiles.dataPath(directory, at.segmentBase()),
                                        checkpoint.durable().offset()));
            }
            requireNoneDurable(at);
            return new Recovered(kept, null, producers, at);
        }
        LogPosition end = new LogPosition(nextOffset, writer.baseOffset(), writer.position());
        requireNoneDurable(end);
        boolean shorter = !cut && writer.cutRoom();
        if (cut || shorter || end.offset() > checkpoint.durable().offset()) {
            cutAndForce(writer, cut);
        }
        kept.add(writer.segment());
        return new Recovered(kept, writer, producers, end);
    }

    /**
     * The transactions aborted before the checkpoint in its segment. A snapshot as of the same
     * offset may be one of the segment behind, made for a checkpoint that a crash took; but then
     * this segment was sealed before, and its own file knows them.
     */
    private AbortedIndex abortedBefore(Segment segment, AbortedIndex snapshot) throws IOException {
        long end = checkpoint.indexed().at().offset();
        AbortedIndex kept = new AbortedIndex();
        AbortedIndex.read(disk, directory, segment.baseOffset())
                .ifPresent(file -> kept.addAll(file, marker -> marker < end));
        return kept.size() > snapshot.size() ? kept : snapshot;
    }

    private SegmentWriter open(Segment segment) throws IOException {
        LogPosition at = checkpoint.indexed().at();
        boolean first = segment.baseOffset() == at.segmentBase();
        if (!first && nextOffset != segment.baseOffset()) {
            throw new DamagedLogException(
                    "%s is missing; the log goes on with %s"
                            .formatted(SegmentFiles.dataPath(directory, nextOffset), segment));
        }
        if (first && segment.sizeBytes() < at.position()) {
            throw new DamagedLogException(
                    "%s has %d bytes, %d were durable"
                            .formatted(segment, segment.sizeBytes(), at.position()));
        }
        IndexedEnd end = first ? checkpoint.indexed() : IndexedEnd.startOf(segment.baseOffset());
        // If it was sealed before, it is not any more.
        disk.delete(AbortedIndex.path(directory, segment.baseOffset()));
        SegmentWriter writer =
                SegmentWriter.reopen(pool, directory, end, segment.sizeBytes(), config);
        writer.aborted(new AbortedIndex());
        opened.add(writer.segment());
        return writer;
    }

    /**
     * Steps to the end of the segment, or to its first invalid batch.
     *
     * @return whether all was read: what is left, if anything, is room for batches to come
     */
    private boolean walk(SegmentWriter writer, int sizeBytes, ProducerTable producers)
            throws IOException {
        BatchCursor cursor = new BatchCursor(writer.files().bytes(), sizeBytes);
        boolean more = cursor.moveTo(writer.position());
        while (more && sound(writer, cursor)) {
            RecordBatch batch = cursor.batch();
            nextOffset = batch.nextOffset();
            producers.appended(batch, nowMillis, writer.aborted());
            writer.makeIndexRoom(1, 0, config.indexIntervalBytes());
            writer.passed(batch, config.indexIntervalBytes());
            more = cursor.next();
        }
        writer.publish();
        if (isBeforeDurable(writer) && writer.position() < sizeBytes) {
            throw new DamagedLogException(
                    "%s is damaged at position %d (offset %d); it was durable up to offset %d"
                            .formatted(
                                    writer.segment(),
                                    writer.position(),
                                    nextOffset,
                                    checkpoint.durable().offset()));
        }
        return cursor.onlyRoomLeft();
    }

    private boolean sound(SegmentWriter writer, BatchCursor cursor) {
        RecordBatch batch = cursor.batch();
        // Neither is covered by the CRC. What recovery walks over was never rewritten: no gaps.
        return batch.baseOffset() == nextOffset
                && batch.partitionLeaderEpoch() == 0
                && (isBeforeDurable(writer) || batch.crcValid());
    }

    private boolean isBeforeDurable(SegmentWriter writer) {
        LogPosition durable = checkpoint.durable();
        return writer.baseOffset() < durable.segmentBase()
                || (writer.baseOffset() == durable.segmentBase()
                        && writer.position() < durable.position());
    }

    private void requireBeyondDurable(Segment segment) throws DamagedLogException {
        if (segment.baseOffset() < checkpoint.durable().offset()) {
            throw new DamagedLogException(
                    "%s does not follow offset %d; it was durable up to offset %d"
                            .formatted(segment, nextOffset, checkpoint.durable().offset()));
        }
    }

    private void requireNoneDurable(LogPosition end) throws DamagedLogException {
        if (end.offset() < checkpoint.durable().offset()) {
            throw new DamagedLogException(
                    "%s ends at offset %d; it was durable up to offset %d"
                            .formatted(
                                    SegmentFiles.dataPath(directory, end.segmentBase()),
                                    end.offset(),
                                    checkpoint.durable().offset()));
        }
    }

    private void seal(SegmentWriter writer) throws IOException {
        writer.completeTimeIndex();
        var _ = writer.cutRoom();
        writeAnew(writer);
        writer.files().data().force();
        writer.files().offsets().file().trimAndForce();
        writer.files().times().file().trimAndForce();
        writer.segment().keepAborted(writer.aborted());
    }

    private void cutAndForce(SegmentWriter writer, boolean cut) throws IOException {
        DiskFile data = writer.files().data();
        if (cut) {
            LOG.warn(
                    "{} is cut at position {} (offset {}): behind it are {} bytes that were never"
                            + " acknowledged as durable",
                    writer.segment(),
                    writer.position(),
                    nextOffset,
                    data.sizeBytes() - writer.position());
            data.truncate(writer.position());
        }
        // What a killed process left in the page cache is not on the disk yet.
        writeAnew(writer);
        data.force();
        disk.forceDirectory(directory);
    }

    /**
     * Writes what is behind the durable end once more, over itself. A force of it may have failed,
     * in this process or one before: the system shows such bytes to readers as if nothing had
     * happened, takes them for written, and would leave them out of the next force.
     */
    private void writeAnew(SegmentWriter writer) throws IOException {
        LogPosition durable = checkpoint.durable();
        if (writer.baseOffset() < durable.segmentBase()) {
            return;
        }
        DiskFile data = writer.files().data();
        int end = writer.position();
        int at = writer.baseOffset() == durable.segmentBase() ? durable.position() : 0;
        ByteBuffer piece = ByteBuffer.allocate(Math.clamp(end - at, 0, PIECE_BYTES));
        while (at < end) {
            piece.clear().limit(Math.min(piece.capacity(), end - at));
            data.read(piece, at);
            if (piece.hasRemaining()) {
                throw new DamagedLogException(writer.segment() + " ends while it is read");
            }
            data.write(piece.flip(), at);
            at += piece.limit();
        }
    }

    private ProducerTable.Restored restored(List<Segment> before, List<Segment> tail)
            throws IOException {
        LogPosition at = checkpoint.indexed().at();
        if (!checkpoint.producers()) {
            return new ProducerTable.Restored(new ProducerTable(), new AbortedIndex());
        }
        Path path = ProducerSnapshots.path(directory, at.offset());
        Optional<ProducerTable.Restored> snapshot = ProducerSnapshots.read(disk, path, nowMillis);
        if (snapshot.isPresent()) {
            return snapshot.get();
        }
        LOG.warn("{} is missing or damaged: reading the whole log for its producers", path);
        ProducerTable table = new ProducerTable();
        AbortedIndex aborted = new AbortedIndex();
        for (Segment segment : before) {
            replay(segment, segment.sizeBytes(), table, new AbortedIndex());
        }
        if (!tail.isEmpty() && tail.getFirst().baseOffset() == at.segmentBase()) {
            replay(tail.getFirst(), at.position(), table, aborted);
        }
        return new ProducerTable.Restored(table, aborted);
    }

    private void replay(Segment segment, int limit, ProducerTable table, AbortedIndex aborted)
            throws IOException {
        SegmentFiles files = segment.lease();
        try {
            table.replay(new BatchCursor(files.bytes(), limit), nowMillis, aborted);
        } finally {
            files.release();
            segment.unload();
        }
    }
}
