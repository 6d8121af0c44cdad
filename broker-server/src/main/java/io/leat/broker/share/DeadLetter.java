package io.leat.broker.share;

import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.record.RecordHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a record looks in a dead-letter topic: as it was, but for its time, with headers behind its
 * own that say where it comes from and why it is there. Their names are Kafka's (KIP-1191), their
 * values text. Its time is when it came there, as in Kafka: retention counts from then, and by its
 * own the record might go before anybody sees it.
 *
 * @param topic the topic that it comes from
 * @param deliveries how often it was delivered
 */
record DeadLetter(
        String groupId,
        String topic,
        int partition,
        long offset,
        int deliveries,
        DeathCause cause) {
    static final String TOPIC = "__dlq.errors.topic";
    static final String PARTITION = "__dlq.errors.partition";
    static final String OFFSET = "__dlq.errors.offset";
    static final String GROUP = "__dlq.errors.group";
    static final String DELIVERY_COUNT = "__dlq.errors.delivery.count";
    static final String MESSAGE = "__dlq.errors.message";

    /**
     * Adds it to a batch.
     *
     * @param record the record; empty where it is not to be copied, or no longer there
     * @param note what else is to be said
     * @param nowMillis its time
     * @return false when the batch is full
     */
    boolean addTo(RecordBatchBuilder batch, Optional<Record> record, String note, long nowMillis) {
        List<RecordHeader> headers = new ArrayList<>();
        record.ifPresent(original -> headers.addAll(original.headers()));
        headers.add(RecordHeader.of(TOPIC, topic));
        headers.add(RecordHeader.of(PARTITION, Integer.toString(partition)));
        headers.add(RecordHeader.of(OFFSET, Long.toString(offset)));
        headers.add(RecordHeader.of(GROUP, groupId));
        headers.add(RecordHeader.of(DELIVERY_COUNT, Integer.toString(deliveries)));
        headers.add(RecordHeader.of(MESSAGE, cause.text() + note));
        return record.isPresent()
                ? batch.append(nowMillis, record.get().key(), record.get().value(), headers)
                : batch.append(nowMillis, null, null, headers);
    }
}
