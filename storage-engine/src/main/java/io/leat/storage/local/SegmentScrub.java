package io.leat.storage.local;

import io.leat.storage.api.Damage;
import io.leat.wire.record.BatchLayout;
import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all of a sealed segment, from the disk and past what the system remembers of the file, and
 * finds what is not as it was written: batches whose CRC does not fit, headers that make no sense,
 * offsets that are missing at the end. What looks damaged is read once more before it is believed.
 *
 * <p>For one thread.
 */
final class SegmentScrub {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentScrub.class);
    private static final int CHUNK_BYTES = 1 << 20;

    private final Disk disk;
    private final Segment segment;
    private final int sizeBytes;
    private final long endOffset;
    private final List<Damage> damages = new ArrayList<>();
    private final RecordBatch batch = new RecordBatch();

    // A part of the file, and where it begins.
    private ByteBuffer window = ByteBuffer.allocate(0);
    private int windowStart;

    // Behind the last sound batch: its position, and the offset that comes next.
    private int position;
    private long next;
    // The sound batch before, if offsets are missing before it: what follows may prove it wrong.
    private int gapPosition = -1;
    private long gapFrom;

    /**
     * @param endOffset where the segment behind it begins
     */
    SegmentScrub(Disk disk, Segment segment, long endOffset) {
        this.disk = disk;
        this.segment = segment;
        this.sizeBytes = segment.sizeBytes();
        this.endOffset = endOffset;
        this.next = segment.baseOffset();
    }

    /** Reads it. */
    List<Damage> run(IntConsumer pace) throws IOException {
        SegmentFiles files;
        try {
            files = segment.lease();
        } catch (NoSuchFileException e) {
            return List.of(whole("the file is missing"));
        } catch (DamagedLogException e) {
            return List.of(whole(String.valueOf(e.getMessage())));
        }
        try {
            while (position < sizeBytes) {
                step(files, pace);
            }
        } finally {
            files.release();
        }
        if (next < endOffset) {
            boolean flipped = gapPosition >= 0;
            note(
                    flipped ? gapFrom : next,
                    endOffset,
                    flipped ? gapPosition : position,
                    "the segment ends before offset " + endOffset);
        }
        return damages;
    }

    private Damage whole(String cause) {
        return new Damage(segment.baseOffset(), endOffset, segment.toString(), cause);
    }

    private void note(long from, long end, int at, String cause) {
        damages.add(
                new Damage(from, Math.max(end, from + 1), segment + " at position " + at, cause));
    }

    private void step(SegmentFiles files, IntConsumer pace) throws IOException {
        Optional<String> flaw = flaw(files, pace);
        if (flaw.isPresent()) {
            // Once more: not all that goes wrong on the way from a disk is wrong on it.
            window = ByteBuffer.allocate(0);
            Optional<String> again = flaw(files, pace);
            if (again.isEmpty()) {
                LOG.warn("{} at position {} read well the second time", segment, position);
            }
            flaw = again;
        }
        if (flaw.isPresent()) {
            skip(files, flaw.get());
            return;
        }
        if (batch.baseOffset() < next) {
            // Only behind a gap: the one before has a base offset that is too large.
            note(
                    gapFrom,
                    batch.baseOffset(),
                    gapPosition,
                    "its base offset does not fit what stands behind");
        }
        boolean gap = batch.baseOffset() > next;
        gapPosition = gap ? position : -1;
        gapFrom = next;
        next = batch.nextOffset();
        position += batch.sizeBytes();
    }

    /** What is wrong with the batch at the position; it is in the window then, as a whole. */
    private Optional<String> flaw(SegmentFiles files, IntConsumer pace) throws IOException {
        if (sizeBytes - position < BatchLayout.HEADER_BYTES) {
            return Optional.of("what is left is no batch");
        }
        read(files, BatchLayout.HEADER_BYTES, pace);
        if (window.limit() - at() < BatchLayout.HEADER_BYTES) {
            return Optional.of("the file is shorter than it was");
        }
        batch.wrap(window, at());
        int length = batch.batchLength();
        if (batch.magic() != BatchLayout.MAGIC_V2
                || length < BatchLayout.HEADER_BYTES - BatchLayout.LENGTH_PREFIX_BYTES
                || length > sizeBytes - position - BatchLayout.LENGTH_PREFIX_BYTES) {
            return Optional.of("there is no batch");
        }
        read(files, batch.sizeBytes(), pace);
        batch.wrap(window, at());
        if (!batch.isWhole()) {
            return Optional.of("the file is shorter than it was");
        }
        if (!batch.crcValid()) {
            return Optional.of("the CRC does not fit the bytes");
        }
        boolean inOrder =
                batch.baseOffset() >= next || (gapPosition >= 0 && batch.baseOffset() >= gapFrom);
        return inOrder
                        && batch.lastOffsetDelta() >= 0
                        && batch.nextOffset() <= endOffset
                        && batch.partitionLeaderEpoch() == 0
                ? Optional.empty()
                : Optional.of(
                        "offset %d or leader epoch %d is wrong"
                                .formatted(batch.baseOffset(), batch.partitionLeaderEpoch()));
    }

    private int at() {
        return position - windowStart;
    }

    /** Sees to it that so many bytes at the position are in the window, if the file has them. */
    private void read(SegmentFiles files, int bytes, IntConsumer pace) throws IOException {
        if (position >= windowStart && position + bytes <= windowStart + window.limit()) {
            return;
        }
        int size = Math.min(Math.max(bytes, CHUNK_BYTES), sizeBytes - position);
        pace.accept(size);
        window =
                disk.readFromDisk(segment.dataPath(), position, size)
                        .orElseGet(() -> files.bytes().slice(position, size));
        windowStart = position;
    }

    /** Passes over damage, to where batches make sense again. */
    private void skip(SegmentFiles files, String cause) {
        DamageExtent extent = new DamageExtent(files, segment, sizeBytes, endOffset);
        DamageExtent.Resumption behind = extent.soundBehind(position, next);
        note(next, behind.offset(), position, cause);
        position = behind.position();
        next = behind.offset();
        gapPosition = -1;
    }
}
