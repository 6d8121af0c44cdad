package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Delayed records that are pending, the first that are due first.
 *
 * @param pending how many are pending of the topic, shown or not
 */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record LeatListDelayedResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        long pending,
        List<LeatDelayed> records)
        implements ResponseMessage {

    /**
     * One record.
     *
     * @param dueTimeMs when it is to be delivered
     * @param acceptedTimeMs when it came
     * @param key the record's key
     * @param cancelHeader the value of its header leat-delay-key, if it has one
     * @param valueBytes the size of its value, -1 where it has none
     * @param held whether it is part of an open transaction, and is not delivered before that has
     *     committed
     */
    public record LeatDelayed(
            int partition,
            long dueTimeMs,
            long acceptedTimeMs,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer cancelHeader,
            int valueBytes,
            boolean held) {}
}
