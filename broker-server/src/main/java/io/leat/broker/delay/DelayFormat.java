package io.leat.broker.delay;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.compaction.erasure.KeyHash;
import io.leat.storage.api.StateStore.Write;
import io.leat.wire.record.Compression;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Pending records as their store keeps them. Numbers are big-endian; a string or bytes stand behind
 * their length(4), which is -1 where there are none.
 *
 * <pre>
 * key    'i'                                      value  producer id of hand-overs(8)
 *
 * partition = topic id(16) number(4)
 * key    'm' partition                            what is counted
 * value  version(1)=1  next number(8)  pending(8)  epoch(4)  sequence(4)
 * key    'e' partition  due, ms(8)  number(8)     a record
 * value  version(1)=1  codec(1)  accepted, ms(8)  timestamp, ms(8)
 *        has cancel key(1), and if 1: its SHA-256(32)
 *        key(bytes)  value(bytes)  headers count(4) { name(string)  value(bytes) }
 * key    'k' partition  SHA-256 of the cancel key(32)  number(8)  due, ms(8)      no value
 * key    'h' partition  first number(8)           a hold
 * value  version(1)=1  producer id(8)  epoch(4)  sequence(4)  transactional(1)  landed(1)
 *        from offset(8)  records count(4) { due, ms(8) }  cancels count(4) { SHA-256(32)  before(4) }
 * key    'p' partition                            a hand-over
 * value  version(1)=1  producer id(8)  epoch(4)  sequence(4)  from offset(8)
 *        records count(4) { due, ms(8)  number(8) }
 * </pre>
 */
final class DelayFormat {
    static final byte STATE = 'm';
    static final byte RECORD = 'e';
    static final byte CANCEL = 'k';
    static final byte HOLD = 'h';
    static final byte HAND_OVER = 'p';
    static final List<Byte> KINDS = List.of(STATE, RECORD, CANCEL, HOLD, HAND_OVER);
    static final byte[] PRODUCER = {'i'};

    private static final int VERSION = 1;
    private static final int LANE_BYTES = 1 + 16 + 4;

    private DelayFormat() {}

    private static StateOutput topic(byte kind, UUID topicId) {
        return new StateOutput()
                .int8(kind)
                .int64(topicId.getMostSignificantBits())
                .int64(topicId.getLeastSignificantBits());
    }

    private static StateOutput lane(byte kind, LaneId id) {
        return topic(kind, id.topicId()).int32(id.partition());
    }

    /** What all keys of that kind begin with that are of a topic. */
    static byte[] topicPrefix(byte kind, UUID topicId) {
        return topic(kind, topicId).toBytes();
    }

    /** What all keys of that kind begin with that are of a partition. */
    static byte[] prefix(byte kind, LaneId id) {
        return lane(kind, id).toBytes();
    }

    /** The first key behind all that begin with these bytes. */
    static byte[] behind(byte[] prefix) {
        byte[] end = prefix.clone();
        for (int i = end.length - 1; i >= 0; i--) {
            if (++end[i] != 0) {
                return end;
            }
        }
        throw new IllegalArgumentException("nothing is behind");
    }

    /** The partition that a key of any kind names. */
    static LaneId laneOf(byte[] key) {
        ByteBuffer bytes = ByteBuffer.wrap(key, 1, key.length - 1);
        return new LaneId(new UUID(bytes.getLong(), bytes.getLong()), bytes.getInt());
    }

    static byte[] recordKey(LaneId id, Slot slot) {
        return lane(RECORD, id).int64(slot.dueMillis()).int64(slot.number()).toBytes();
    }

    static Slot slotOf(byte[] recordKey) {
        ByteBuffer bytes = ByteBuffer.wrap(recordKey);
        return new Slot(bytes.getLong(LANE_BYTES), bytes.getLong(LANE_BYTES + Long.BYTES));
    }

    static byte[] cancelPrefix(LaneId id, KeyHash key) {
        return lane(CANCEL, id).raw(key.toBytes()).toBytes();
    }

    static byte[] cancelKey(LaneId id, KeyHash key, Slot slot) {
        return lane(CANCEL, id)
                .raw(key.toBytes())
                .int64(slot.number())
                .int64(slot.dueMillis())
                .toBytes();
    }

    static Slot cancelled(byte[] cancelKey) {
        ByteBuffer bytes = ByteBuffer.wrap(cancelKey);
        int at = LANE_BYTES + KeyHash.BYTES;
        return new Slot(bytes.getLong(at + Long.BYTES), bytes.getLong(at));
    }

    static byte[] value(Pending pending) {
        StateOutput out =
                new StateOutput()
                        .int8(VERSION)
                        .int8(pending.compression().id())
                        .int64(pending.acceptedMillis())
                        .int64(pending.record().timestampMillis())
                        .int8(pending.cancelKey().isPresent() ? 1 : 0);
        pending.cancelKey().ifPresent(key -> out.raw(key.toBytes()));
        Record record = pending.record();
        bytes(out, record.key());
        bytes(out, record.value());
        out.int32(record.headers().size());
        for (RecordHeader header : record.headers()) {
            bytes(out.string(header.key()), header.value());
        }
        return out.toBytes();
    }

    private static void bytes(StateOutput out, @Nullable ByteBuffer bytes) {
        if (bytes == null) {
            out.int32(-1);
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(bytes.position(), copy);
            out.bytes(copy);
        }
    }

    /**
     * Reads what {@link #value(Pending)} wrote.
     *
     * @throws io.leat.storage.api.StorageException when the bytes are not that
     */
    static Pending readRecord(LaneId id, byte[] value) {
        StateInput in = new StateInput("A delayed record of " + id, value);
        in.version(VERSION);
        Compression compression = Compression.ofId(in.int8()).orElseThrow(in::damaged);
        long acceptedMillis = in.int64();
        long timestampMillis = in.int64();
        Optional<KeyHash> cancelKey = in.int8() == 0 ? Optional.empty() : Optional.of(hash(in));
        ByteBuffer key = buffer(in);
        ByteBuffer payload = buffer(in);
        int count = in.count();
        List<RecordHeader> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            headers.add(new RecordHeader(in.string(), buffer(in)));
        }
        in.end();
        return new Pending(
                compression,
                acceptedMillis,
                cancelKey,
                new Record(-1, timestampMillis, key, payload, headers));
    }

    private static @Nullable ByteBuffer buffer(StateInput in) {
        return in.optionalBytes().map(ByteBuffer::wrap).orElse(null);
    }

    private static KeyHash hash(StateInput in) {
        return new KeyHash(in.int64(), in.int64(), in.int64(), in.int64());
    }

    static Write put(LaneId id, LaneState state) {
        return new Write.Put(
                prefix(STATE, id),
                new StateOutput()
                        .int8(VERSION)
                        .int64(state.nextNumber())
                        .int64(state.count())
                        .int32(state.epoch())
                        .int32(state.sequence())
                        .toBytes());
    }

    static LaneState readState(LaneId id, byte[] value) {
        StateInput in = new StateInput("The count of " + id, value);
        in.version(VERSION);
        LaneState state = new LaneState(in.int64(), in.int64(), (short) in.int32(), in.int32());
        in.end();
        return state;
    }

    static byte[] holdKey(LaneId id, long first) {
        return lane(HOLD, id).int64(first).toBytes();
    }

    static Write put(LaneId id, Hold hold) {
        StateOutput out =
                sequence(new StateOutput().int8(VERSION), hold.producer())
                        .int8(hold.transactional() ? 1 : 0)
                        .int8(hold.landed() ? 1 : 0)
                        .int64(hold.fromOffset())
                        .int32(hold.dueMillis().size());
        hold.dueMillis().forEach(out::int64);
        out.int32(hold.cancels().size());
        hold.cancels().forEach(each -> out.raw(each.key().toBytes()).int32(each.before()));
        return new Write.Put(holdKey(id, hold.first()), out.toBytes());
    }

    static Hold readHold(byte[] key, byte[] value) {
        long first = ByteBuffer.wrap(key).getLong(LANE_BYTES);
        StateInput in = new StateInput("A hold of " + laneOf(key), value);
        in.version(VERSION);
        Sequence producer = sequence(in);
        boolean transactional = in.int8() != 0;
        boolean landed = in.int8() != 0;
        long fromOffset = in.int64();
        List<Long> due = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            due.add(in.int64());
        }
        List<Hold.Cancel> cancels = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            cancels.add(new Hold.Cancel(hash(in), in.int32()));
        }
        in.end();
        return new Hold(first, producer, transactional, landed, fromOffset, due, cancels);
    }

    static Write put(LaneId id, HandOver handOver) {
        StateOutput out =
                sequence(new StateOutput().int8(VERSION), handOver.sequence())
                        .int64(handOver.fromOffset())
                        .int32(handOver.slots().size());
        handOver.slots().forEach(slot -> out.int64(slot.dueMillis()).int64(slot.number()));
        return new Write.Put(prefix(HAND_OVER, id), out.toBytes());
    }

    static HandOver readHandOver(LaneId id, byte[] value) {
        StateInput in = new StateInput("The hand-over of " + id, value);
        in.version(VERSION);
        Sequence sequence = sequence(in);
        long fromOffset = in.int64();
        List<Slot> slots = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            slots.add(new Slot(in.int64(), in.int64()));
        }
        in.end();
        return new HandOver(sequence, fromOffset, slots);
    }

    private static StateOutput sequence(StateOutput out, Sequence sequence) {
        return out.int64(sequence.producerId()).int32(sequence.epoch()).int32(sequence.first());
    }

    private static Sequence sequence(StateInput in) {
        return new Sequence(in.int64(), (short) in.int32(), in.int32());
    }
}
