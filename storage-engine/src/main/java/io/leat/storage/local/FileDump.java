package io.leat.storage.local;

import io.leat.storage.api.StorageException;
import io.leat.storage.api.StoredEntry;
import io.leat.storage.api.StoredFile.Flaw;
import io.leat.wire.record.InvalidBatchException;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordHeader;
import io.leat.wire.record.RecordReader;
import io.leat.wire.record.TransactionMarker;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Shows what is in one file of a data directory, entry by entry. Nothing is changed. */
public final class FileDump {
    private static final int INFLATED_BYTES_MAX = 1 << 30;

    private final Path file;
    private final boolean records;
    private final Consumer<StoredEntry> entries;
    private final LongConsumer progress;
    private boolean sound = true;

    private FileDump(
            Path file, boolean records, Consumer<StoredEntry> entries, LongConsumer progress) {
        this.file = file;
        this.records = records;
        this.entries = entries;
        this.progress = progress;
    }

    /**
     * Shows a file.
     *
     * @param records whether the records of each batch are shown too
     * @param entries told of each entry, in the order of the file
     * @param progress told how many bytes were read so far
     * @return whether all of it made sense
     * @throws StorageException when it cannot be read, or is none that can be shown
     */
    public static boolean run(
            Path file, boolean records, Consumer<StoredEntry> entries, LongConsumer progress) {
        FileDump dump = new FileDump(file, records, entries, progress);
        try {
            dump.dump();
            return dump.sound;
        } catch (NoSuchFileException e) {
            throw new StorageException(file + " does not exist", e);
        } catch (IOException e) {
            throw new StorageException(file + " cannot be read: " + Causes.text(e), e);
        }
    }

    private void dump() throws IOException {
        if (Files.isDirectory(file)) {
            throw new StorageException(
                    file + " is a directory; name a file in it, or use leat log verify");
        }
        switch (FileKind.of(file)) {
            case SEGMENT, SWAP -> segment();
            case OFFSET_INDEX -> offsets(new OffsetEntries(bytes(), FileKind.offset(file)));
            case TIME_INDEX -> times(new TimeEntries(bytes(), FileKind.offset(file)));
            case ABORTED_INDEX -> aborted(AbortedIndex.readFrom(bytes()));
            case PRODUCERS -> producers();
            case CHECKPOINTS, CHECKPOINTS_NEW -> checkpoints();
            default ->
                    throw new StorageException(
                            file
                                    + " is none of a log's files: .log, .index, .timeindex,"
                                    + " .txnindex, .producers or checkpoints");
        }
    }

    private ByteBuffer bytes() throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }

    private static SequencedMap<String, Object> fields() {
        return new LinkedHashMap<>();
    }

    private void tell(String kind, SequencedMap<String, Object> fields) {
        entries.accept(new StoredEntry(kind, fields));
    }

    private void flaw(long position, String message) {
        sound = false;
        SequencedMap<String, Object> fields = fields();
        fields.put("position", position);
        fields.put("problem", message);
        tell("damage", fields);
    }

    private void segment() throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new StorageException(file + " is too large to be a segment");
            }
            ByteBuffer data =
                    channel.map(MapMode.READ_ONLY, 0, channel.size(), arena)
                            .asByteBuffer()
                            .asReadOnlyBuffer();
            BatchCursor cursor = new BatchCursor(data, data.limit());
            boolean more = cursor.moveTo(0);
            while (more) {
                batch(cursor.position(), cursor.batch());
                progress.accept(cursor.position() + (long) cursor.batch().sizeBytes());
                more = cursor.next();
            }
            if (!cursor.onlyRoomLeft()) {
                flaw(cursor.position(), "there is no batch");
            }
        }
    }

    private void batch(int position, RecordBatch batch) {
        boolean valid = batch.crcValid();
        sound &= valid;
        SequencedMap<String, Object> fields = fields();
        fields.put("position", position);
        fields.put("baseOffset", batch.baseOffset());
        fields.put("lastOffset", batch.lastOffset());
        fields.put("records", batch.recordCount());
        fields.put("bytes", batch.sizeBytes());
        fields.put("maxTimestamp", batch.maxTimestampMillis());
        fields.put("crcValid", valid);
        if (!valid) {
            tell("batch", fields);
            return;
        }
        fields.put("compression", batch.compression().name().toLowerCase(Locale.ROOT));
        if (batch.hasProducer()) {
            fields.put("producerId", batch.producerId());
            fields.put("producerEpoch", (int) batch.producerEpoch());
            fields.put("baseSequence", batch.baseSequence());
        }
        fields.put("transactional", batch.isTransactional());
        fields.put("control", batch.isControl());
        Optional<TransactionMarker> marker = TransactionMarker.of(batch);
        marker.ifPresent(end -> fields.put("marker", end.committed() ? "commit" : "abort"));
        tell("batch", fields);
        if (records && !batch.isControl()) {
            records(position, batch);
        }
    }

    private void records(int position, RecordBatch batch) {
        try (RecordReader reader = new RecordReader(batch, INFLATED_BYTES_MAX)) {
            while (reader.hasNext()) {
                Record record = reader.next();
                SequencedMap<String, Object> fields = fields();
                fields.put("offset", record.offset());
                fields.put("timestamp", record.timestampMillis());
                fields.put("key", text(record.key()));
                fields.put("value", text(record.value()));
                List<String> headers = new ArrayList<>();
                for (RecordHeader header : record.headers()) {
                    headers.add(header.key() + "=" + text(header.value()).orElse("null"));
                }
                fields.put("headers", String.join(", ", headers));
                tell("record", fields);
            }
        } catch (InvalidBatchException e) {
            flaw(position, String.valueOf(e.getMessage()));
        }
    }

    /** UTF-8 where it is that, or else hexadecimal digits. */
    private static Optional<String> text(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString());
        } catch (CharacterCodingException e) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return Optional.of("0x" + HexFormat.of().formatHex(copy));
        }
    }

    private void offsets(OffsetEntries index) {
        for (int i = 0; i < index.count(); i++) {
            SequencedMap<String, Object> fields = fields();
            fields.put("offset", index.offset(i));
            fields.put("position", index.position(i));
            tell("entry", fields);
        }
    }

    private void times(TimeEntries index) {
        for (int i = 0; i < index.count(); i++) {
            SequencedMap<String, Object> fields = fields();
            fields.put("timestamp", index.timestampMillis(i));
            fields.put("offset", index.offset(i));
            tell("entry", fields);
        }
        index.flaws().forEach(flaw -> flaw(flaw.position(), flaw.message()));
    }

    private void aborted(Optional<AbortedIndex> read) {
        if (read.isEmpty()) {
            flaw(0, "the CRC does not fit the bytes; it is made anew from the log when used");
            return;
        }
        var _ =
                read.get()
                        .collect(
                                0,
                                Long.MAX_VALUE,
                                each -> {
                                    SequencedMap<String, Object> fields = fields();
                                    fields.put("producerId", each.producerId());
                                    fields.put("firstOffset", each.firstOffset());
                                    tell("aborted", fields);
                                });
    }

    private void producers() throws IOException {
        Optional<ProducerTable.Restored> restored = ProducerTable.restore(bytes(), 0);
        if (restored.isEmpty()) {
            flaw(0, "the CRC does not fit the bytes; the producers are read from the log instead");
            return;
        }
        restored.get()
                .producers()
                .list()
                .forEach(each -> {
                    SequencedMap<String, Object> fields = fields();
                    fields.put("producerId", each.id());
                    fields.put("epoch", (int) each.epoch());
                    fields.put("lastSequence", each.lastSequence());
                    fields.put("lastTimestamp", each.lastTimestampMillis());
                    each.transactionStart()
                            .ifPresent(start -> fields.put("transactionStart", start));
                    tell("producer", fields);
                });
        aborted(Optional.of(restored.get().aborted()));
    }

    private void checkpoints() throws IOException {
        List<Flaw> flaws = new ArrayList<>();
        CheckpointFile.read(bytes(), flaws::add)
                .forEach((key, checkpoint) -> {
                    SequencedMap<String, Object> fields = fields();
                    fields.put("topicId", key.topicId().toString());
                    fields.put("partition", key.partition());
                    fields.put("logStart", checkpoint.logStart());
                    fields.put("durableEnd", checkpoint.durable().offset());
                    fields.put("lastStable", checkpoint.lastStable());
                    fields.put("segment", checkpoint.durable().segmentBase());
                    fields.put("position", checkpoint.durable().position());
                    fields.put("indexedTo", checkpoint.indexed().at().offset());
                    tell("checkpoint", fields);
                });
        flaws.forEach(flaw -> flaw(flaw.position(), flaw.message()));
    }
}
