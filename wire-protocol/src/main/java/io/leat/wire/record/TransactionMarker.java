package io.leat.wire.record;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The control batch that ends a producer's transaction in a partition. The broker writes it; it
 * takes one offset, and consumers never see it.
 *
 * <pre>
 * record key     int16 version, 0 | int16 type: 0 abort, 1 commit
 * record value   int16 version, 0 | int32 coordinator epoch
 * </pre>
 *
 * @param producerId whose transaction it ends
 * @param producerEpoch the producer's epoch, or from transaction version 2 on the one that follows
 * @param committed whether the transaction counts, or never happened
 * @param coordinatorEpoch of the coordinator that decided
 * @see <a href="https://cwiki.apache.org/confluence/x/ApXUAw">KIP-98</a>
 */
public record TransactionMarker(
        long producerId, short producerEpoch, boolean committed, int coordinatorEpoch) {
    private static final short ABORT = 0;
    private static final short COMMIT = 1;
    private static final int KEY_BYTES = 2 * Short.BYTES;
    private static final int VALUE_BYTES = Short.BYTES + Integer.BYTES;
    private static final int BATCH_BYTES = BatchLayout.HEADER_BYTES + 32;

    /**
     * A new batch, with base offset 0.
     *
     * @param timestampMillis milliseconds since 1970
     */
    public ByteBuffer batch(long timestampMillis) {
        ByteBuffer key = ByteBuffer.allocate(KEY_BYTES);
        key.putShort((short) 0).putShort(committed ? COMMIT : ABORT).flip();
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES);
        value.putShort((short) 0).putInt(coordinatorEpoch).flip();
        RecordBatchBuilder builder =
                RecordBatchBuilder.growable(BATCH_BYTES)
                        .producer(producerId, producerEpoch, RecordBatch.NONE)
                        .transactional()
                        .control();
        builder.append(timestampMillis, key, value, List.of());
        return builder.build();
    }

    /**
     * The marker in a batch; nothing where the batch is of records, or of another kind of control
     * records, or was emptied.
     *
     * @param batch a whole batch whose CRC fits
     */
    public static Optional<TransactionMarker> of(RecordBatch batch) {
        if (!batch.isControl() || !batch.hasProducer() || batch.recordCount() < 1) {
            return Optional.empty();
        }
        try (RecordReader records = new RecordReader(batch, KEY_BYTES + VALUE_BYTES + 64)) {
            Record record = records.next();
            ByteBuffer key = record.key();
            if (key == null || key.remaining() < KEY_BYTES) {
                return Optional.empty();
            }
            short type = key.getShort(key.position() + Short.BYTES);
            if (type != ABORT && type != COMMIT) {
                return Optional.empty();
            }
            ByteBuffer value = record.value();
            int coordinatorEpoch =
                    value == null || value.remaining() < VALUE_BYTES
                            ? RecordBatch.NONE
                            : value.getInt(value.position() + Short.BYTES);
            return Optional.of(
                    new TransactionMarker(
                            batch.producerId(),
                            batch.producerEpoch(),
                            type == COMMIT,
                            coordinatorEpoch));
        } catch (InvalidBatchException e) {
            return Optional.empty();
        }
    }
}
