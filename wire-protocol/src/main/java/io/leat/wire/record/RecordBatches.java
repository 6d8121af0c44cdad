package io.leat.wire.record;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The batches of a buffer, one behind the other, as a Fetch response carries them: the last one may
 * be cut off and is then left out.
 *
 * <p>Iterating moves one view: a batch is good until the next one is asked for. It throws {@link
 * InvalidBatchException} at a batch whose length or magic cannot be one. CRCs are not looked at.
 *
 * @param bytes position to limit
 */
public record RecordBatches(ByteBuffer bytes) implements Iterable<RecordBatch> {
    @Override
    public Iterator<RecordBatch> iterator() {
        return new Walk(bytes);
    }

    private static final class Walk implements Iterator<RecordBatch> {
        private final ByteBuffer bytes;
        private final RecordBatch batch = new RecordBatch();
        private int next;

        Walk(ByteBuffer bytes) {
            this.bytes = bytes;
            next = bytes.position();
        }

        @Override
        public boolean hasNext() {
            batch.wrap(bytes, next);
            if (batch.isWhole() && batch.magic() == BatchLayout.MAGIC_V2) {
                return true;
            }
            if (BatchCheck.ofFrame(batch) instanceof BatchCheck.Failed failed
                    && failed.flaw() != Flaw.EMPTY
                    && failed.flaw() != Flaw.TRUNCATED) {
                throw new InvalidBatchException(failed.flaw(), failed.message());
            }
            return false;
        }

        @Override
        public RecordBatch next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the buffer holds no further whole batch");
            }
            next += batch.sizeBytes();
            return batch;
        }
    }
}
