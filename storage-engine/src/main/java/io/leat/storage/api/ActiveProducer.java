package io.leat.storage.api;

import java.util.OptionalLong;

/**
 * What a log knows of an idempotent or transactional producer.
 *
 * @param id its producer id
 * @param epoch the highest epoch seen
 * @param lastSequence the sequence number of its last record, or -1 where the epoch has none yet
 * @param lastTimestampMillis the timestamp of its last batch, or -1 where the epoch has none yet
 * @param transactionStart the offset of the first record of its open transaction, if one is open
 */
public record ActiveProducer(
        long id,
        short epoch,
        int lastSequence,
        long lastTimestampMillis,
        OptionalLong transactionStart) {}
