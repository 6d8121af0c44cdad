package io.leat.client;

import io.leat.wire.ErrorCode;

/**
 * A record cannot be read: its bytes are damaged, or the {@link Deserializer} refuses them. The
 * consumer stays in front of the record; {@link Consumer#seek} to the offset behind it leaves it
 * out.
 */
public final class RecordDeserializationException extends LeatClientException {
    private static final long serialVersionUID = 1L;

    // The exception may be serialised by a framework; the record is for the same process.
    private final transient TopicPartition partition;
    private final long offset;

    RecordDeserializationException(
            TopicPartition partition, long offset, long nextOffset, String what, Throwable cause) {
        super(
                ErrorCode.CORRUPT_MESSAGE,
                false,
                what
                        + " at "
                        + partition
                        + " offset "
                        + offset
                        + " cannot be read ("
                        + cause.getMessage()
                        + "); seek to "
                        + nextOffset
                        + " to go on behind it",
                cause);
        this.partition = partition;
        this.offset = offset;
    }

    /** Where the record is. */
    public TopicPartition partition() {
        return partition;
    }

    /** The record's offset. */
    public long offset() {
        return offset;
    }
}
