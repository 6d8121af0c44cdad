package io.leat.broker.delay;

import io.leat.compaction.erasure.KeyHash;
import io.leat.wire.record.Compression;
import io.leat.wire.record.Record;
import java.util.Optional;

/**
 * A record that is to be delivered later.
 *
 * @param compression how it came, and is delivered
 * @param acceptedMillis when it came, ms since the epoch
 * @param cancelKey the hash of the key by which it can be cancelled, if it has one
 * @param record the record; its offset means nothing
 */
record Pending(
        Compression compression, long acceptedMillis, Optional<KeyHash> cancelKey, Record record) {}
