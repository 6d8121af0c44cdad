package io.leat.storage.local;

import io.leat.storage.api.LogConfig;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.BatchLayout;
import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.agrona.collections.LongHashSet;

/**
 * A segment being written to take the place of others; {@link SegmentSwap} says how it does.
 *
 * <p>One thread. Failures before the commit leave the log as it was.
 */
final class SegmentRewrite implements SealedSegments.Rewrite {
    private static final long SLACK_BYTES = 1 << 20;

    /** Forced now and then: all at once at the end, it would keep others' forces waiting. */
    private static final int UNFORCED_BYTES_MAX = 16 << 20;

    private final LogState log;
    private final LocalSealedSegments owner;
    private final List<Segment> replaced;
    private final long endOffset;
    private final SegmentWriter writer;
    private final RecordBatch batch = new RecordBatch();
    // Of markers that stay.
    private final LongHashSet markers = new LongHashSet();
    private long nextOffset;
    private int unforcedBytes;
    private boolean broken;
    private boolean closed;

    private SegmentRewrite(
            LogState log,
            LocalSealedSegments owner,
            List<Segment> replaced,
            long endOffset,
            SegmentWriter writer) {
        this.log = log;
        this.owner = owner;
        this.replaced = replaced;
        this.endOffset = endOffset;
        this.writer = writer;
        this.nextOffset = writer.baseOffset();
    }

    /**
     * @param owner told when the rewrite has ended
     * @param replaced segments of the log's view
     * @param endOffset where the segment behind them begins
     */
    static SegmentRewrite begin(
            LogState log, LocalSealedSegments owner, List<Segment> replaced, long endOffset)
            throws IOException {
        Disk disk = log.disk();
        Path workshop = SegmentSwap.workshop(log.directory());
        disk.createDirectories(workshop);
        SegmentSwap.clearWorkshop(disk, log.directory());
        disk.createDirectories(workshop);
        long sizeBytes = replaced.stream().mapToLong(Segment::sizeBytes).sum();
        LogConfig config = log.config();
        LogConfig roomy =
                new LogConfig(
                        (int) Math.min(2 * sizeBytes + SLACK_BYTES, Integer.MAX_VALUE),
                        config.segmentMillis(),
                        config.indexIntervalBytes(),
                        config.indexBytesMax(),
                        config.timestampType());
        SegmentWriter writer =
                SegmentWriter.create(log.pool(), workshop, replaced.getFirst().baseOffset(), roomy);
        return new SegmentRewrite(log, owner, replaced, endOffset, writer);
    }

    @Override
    public void append(ByteBuffer batches) {
        require(!closed, "the rewrite is closed");
        require(!broken, "the rewrite failed before");
        try {
            appendNow(batches);
        } catch (IOException e) {
            broken = true;
            throw failed(e);
        }
    }

    private void appendNow(ByteBuffer batches) throws IOException {
        int sizeBytes = batches.remaining();
        int limit = batches.limit();
        require(
                sizeBytes <= writer.bytesMax() - writer.position(),
                "it grows beyond %d bytes".formatted(writer.bytesMax()));
        int count = 0;
        int lastAt = 0;
        long next = nextOffset;
        for (int at = batches.position(); at < limit; at += batch.sizeBytes()) {
            batch.wrap(batches, at);
            require(
                    batch.isWhole() && batch.magic() == BatchLayout.MAGIC_V2,
                    "what is added is not whole record batches");
            require(
                    batch.baseOffset() >= next && batch.nextOffset() <= endOffset,
                    "offsets %d to %d do not lie between %d and %d"
                            .formatted(batch.baseOffset(), batch.lastOffset(), next, endOffset));
            next = batch.nextOffset();
            lastAt = at - batches.position();
            count++;
        }
        int indexIntervalBytes = log.config().indexIntervalBytes();
        writer.makeIndexRoom(count, lastAt, indexIntervalBytes);
        writer.write(new ByteBuffer[] {batches.duplicate()});
        for (int at = batches.position(); at < limit; at += batch.sizeBytes()) {
            batch.wrap(batches, at);
            writer.passed(batch, indexIntervalBytes);
            if (batch.isControl() && batch.recordCount() > 0) {
                markers.add(batch.lastOffset());
            }
        }
        nextOffset = next;
        unforcedBytes += sizeBytes;
        if (unforcedBytes >= UNFORCED_BYTES_MAX) {
            writer.files().data().force();
            unforcedBytes = 0;
        }
    }

    @Override
    public long sizeBytes() {
        return writer.position();
    }

    @Override
    public SealedSegment commit() {
        require(!closed, "the rewrite is closed");
        require(!broken, "the rewrite failed before");
        boolean committed = false;
        try {
            if (nextOffset < endOffset) {
                append(EmptyBatch.at(endOffset - 1));
            }
            gatherAborted();
            force();
            committed = owner.replace(this);
            return new SealedSegment(
                    writer.baseOffset(), endOffset, sizeBytes(), writer.maxTimestampMillis());
        } catch (IOException e) {
            throw failed(e);
        } finally {
            broken = !committed;
            close();
        }
    }

    /**
     * The aborted transactions of the old segments whose markers stay. One without its marker would
     * make readers skip all that its producer wrote later.
     */
    private void gatherAborted() throws IOException {
        LogView view = log.awake();
        LogReader reader = new LogReader(view, Fence.NONE, log::damaged);
        for (Segment old : replaced) {
            int index = view.segments().indexOf(old);
            if (index < 0) {
                throw new IOException(old + " was trimmed away");
            }
            writer.aborted().addAll(reader.abortedIn(index), markers::contains);
        }
    }

    /** The aborted transactions of the new segment. */
    AbortedIndex aborted() {
        return writer.aborted();
    }

    private void force() throws IOException {
        writer.publish();
        writer.completeTimeIndex();
        writer.files().data().force();
        writer.files().offsets().file().trimAndForce();
        writer.files().times().file().trimAndForce();
    }

    List<Segment> replaced() {
        return replaced;
    }

    SegmentSwap swap() {
        return new SegmentSwap(log.disk(), log.directory(), writer.baseOffset(), endOffset);
    }

    /** The new segment under its final name, its files open whatever their names are now. */
    Segment fresh() {
        Segment fresh =
                new Segment(log.pool(), log.directory(), writer.baseOffset(), writer.position());
        SegmentFiles files = writer.files();
        if (!files.retain()) {
            throw new IllegalStateException("the rewrite's files are closed");
        }
        fresh.adopt(files);
        fresh.aborted(writer.aborted());
        fresh.maxTimestampMillis(writer.maxTimestampMillis());
        return fresh;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        writer.segment().retire();
        owner.ended(this);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new StorageException(message);
        }
    }

    StorageException failed(Exception cause) {
        return new StorageException(
                "segment %020d of %s cannot be rewritten: %s"
                        .formatted(writer.baseOffset(), log.directory(), cause.getMessage()),
                cause);
    }
}
