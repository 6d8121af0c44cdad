package io.leat.broker.erasure;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.compaction.erasure.KeyHash;
import io.leat.compaction.erasure.LogProgress;
import io.leat.compaction.erasure.LogProgress.Pending;
import io.leat.compaction.erasure.LogProgress.Stage;
import io.leat.storage.api.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Erasures as the state store keeps them. Numbers are big-endian; a string is its length(4) and
 * UTF-8, length -1 where there is none.
 *
 * <pre>
 * key    "erasure/" id(16)
 * value  version(1)=1  topic(string)  topic id(16)  keys count(4) { SHA-256(32) }
 *        leave tombstone(1)  requested by(string)  accepted, ms(8)  partitions(4)
 *        state(1)  problem(string)  ended, ms(8)
 *        partitions done(4)  records removed(8)  bytes freed(8)  segments rewritten(4)
 *        tombstones left(4)  records verified(8)
 *
 * key    "erasure-log/" id(16) partition(4)      while the erasure runs
 * value  version(1)=1  boundary(8)  stage(1)  records removed(8)  bytes freed(8)
 *        segments rewritten(4)  tombstones left(4)  records verified(8)
 *        pending(1), and if 1: base offset(8)  end offset(8)  records(8)  bytes(8)
 * </pre>
 */
final class ErasureFormat {
    static final byte[] ERASURES = "erasure/".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] LOGS = "erasure-log/".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int ID_BYTES = 16;

    private ErasureFormat() {}

    static byte[] key(UUID id) {
        return uuid(new StateOutput().raw(ERASURES), id).toBytes();
    }

    /** What the keys of all logs of an erasure begin with. */
    static byte[] logPrefix(UUID id) {
        return uuid(new StateOutput().raw(LOGS), id).toBytes();
    }

    static byte[] logKey(UUID id, int partition) {
        return new StateOutput().raw(logPrefix(id)).int32(partition).toBytes();
    }

    static byte[] value(Erasure erasure) {
        StateOutput out = new StateOutput().int8(VERSION).string(erasure.topic());
        uuid(out, erasure.topicId()).int32(erasure.keys().size());
        erasure.keys().forEach(key -> out.raw(key.toBytes()));
        ErasureTotals totals = erasure.totals();
        return out.int8(erasure.leaveTombstone() ? 1 : 0)
                .string(erasure.requestedBy())
                .int64(erasure.acceptedMillis())
                .int32(erasure.partitions())
                .int8(erasure.state().code())
                .string(erasure.problem())
                .int64(erasure.endedMillis())
                .int32(totals.partitionsDone())
                .int64(totals.recordsRemoved())
                .int64(totals.bytesFreed())
                .int32(totals.segmentsRewritten())
                .int32(totals.tombstonesLeft())
                .int64(totals.recordsVerified())
                .toBytes();
    }

    /**
     * Reads what {@link #key} and {@link #value(Erasure)} wrote.
     *
     * @throws StorageException when the bytes are not that
     */
    static Erasure read(byte[] key, byte[] value) {
        StateInput name = new StateInput("An erasure's key", key);
        name.skip(ERASURES.length);
        UUID id = uuid(name);
        name.end();
        StateInput in = new StateInput("Erasure " + id, value);
        in.version(VERSION);
        String topic = in.string();
        UUID topicId = uuid(in);
        int count = in.count();
        List<KeyHash> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(new KeyHash(in.int64(), in.int64(), in.int64(), in.int64()));
        }
        Erasure erasure =
                new Erasure(
                        id,
                        topic,
                        topicId,
                        keys,
                        in.int8() != 0,
                        in.string(),
                        in.int64(),
                        in.int32(),
                        Erasure.State.of(in.int8()).orElseThrow(in::damaged),
                        in.optionalString(),
                        in.int64(),
                        new ErasureTotals(
                                in.int32(),
                                in.int64(),
                                in.int64(),
                                in.int32(),
                                in.int32(),
                                in.int64()));
        in.end();
        return erasure;
    }

    static byte[] value(LogProgress progress) {
        StateOutput out =
                new StateOutput()
                        .int8(VERSION)
                        .int64(progress.boundary())
                        .int8(code(progress.stage()))
                        .int64(progress.recordsRemoved())
                        .int64(progress.bytesFreed())
                        .int32(progress.segmentsRewritten())
                        .int32(progress.tombstonesLeft())
                        .int64(progress.recordsVerified())
                        .int8(progress.pending().isPresent() ? 1 : 0);
        progress.pending()
                .ifPresent(pending ->
                        out.int64(pending.baseOffset())
                                .int64(pending.endOffset())
                                .int64(pending.records())
                                .int64(pending.bytes()));
        return out.toBytes();
    }

    /** Which partition a key of {@link #logKey} names. */
    static int partition(byte[] logKey) {
        return ByteBuffer.wrap(logKey).getInt(LOGS.length + ID_BYTES);
    }

    /**
     * Reads what {@link #value(LogProgress)} wrote.
     *
     * @throws StorageException when the bytes are not that
     */
    static LogProgress readProgress(UUID id, int partition, byte[] value) {
        StateInput in = new StateInput("Partition " + partition + " of erasure " + id, value);
        in.version(VERSION);
        LogProgress progress =
                new LogProgress(
                        in.int64(),
                        stage(in),
                        in.int64(),
                        in.int64(),
                        in.int32(),
                        in.int32(),
                        in.int64(),
                        in.int8() == 0
                                ? Optional.empty()
                                : Optional.of(
                                        new Pending(
                                                in.int64(), in.int64(), in.int64(), in.int64())));
        in.end();
        return progress;
    }

    private static int code(Stage stage) {
        return switch (stage) {
            case ERASING -> 0;
            case VERIFIED -> 1;
            case DONE -> 2;
        };
    }

    private static Stage stage(StateInput in) {
        return switch (in.int8()) {
            case 0 -> Stage.ERASING;
            case 1 -> Stage.VERIFIED;
            case 2 -> Stage.DONE;
            default -> throw in.damaged();
        };
    }

    private static StateOutput uuid(StateOutput out, UUID id) {
        return out.int64(id.getMostSignificantBits()).int64(id.getLeastSignificantBits());
    }

    private static UUID uuid(StateInput in) {
        return new UUID(in.int64(), in.int64());
    }
}
