package io.leat.broker.cleaning;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.compaction.cleaning.CleanPoint;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * How far logs are compacted, in the state store. Nothing is forced: an older state costs another
 * pass. All methods block on the disk and throw {@link io.leat.storage.api.StorageException}. Any
 * thread.
 *
 * <pre>
 * key    "cleaned/" topic id(16) partition(4)
 * value  version(1)=1  offset(8)  next horizon, ms(8)
 *        last pass: ended, ms(8)  records removed(8)  bytes freed(8)
 * </pre>
 */
final class CleaningStore {
    private static final byte[] PREFIX = "cleaned/".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private final StateStore state;

    /** Names a log. */
    record Key(UUID topicId, int partition) {
        private byte[] toBytes() {
            return new StateOutput()
                    .raw(PREFIX)
                    .int64(topicId.getMostSignificantBits())
                    .int64(topicId.getLeastSignificantBits())
                    .int32(partition)
                    .toBytes();
        }
    }

    CleaningStore(StateStore state) {
        this.state = state;
    }

    /** All states; those of topics that are not there are removed. */
    Map<Key, CleaningState> load(Predicate<UUID> isThere) {
        Map<Key, CleaningState> states = new HashMap<>();
        List<Write> strangers = new ArrayList<>();
        state.scan(
                PREFIX,
                (name, value) -> {
                    Key key = key(name);
                    if (isThere.test(key.topicId())) {
                        states.put(key, read(key, value));
                    } else {
                        strangers.add(new Write.Delete(name));
                    }
                });
        if (!strangers.isEmpty()) {
            state.write(strangers, false);
        }
        return states;
    }

    void save(Key key, CleaningState of) {
        byte[] value =
                new StateOutput()
                        .int8(VERSION)
                        .int64(of.point().offset())
                        .int64(of.point().nextHorizonMillis())
                        .int64(of.endedMillis())
                        .int64(of.recordsRemoved())
                        .int64(of.bytesFreed())
                        .toBytes();
        state.write(List.of(new Write.Put(key.toBytes(), value)), false);
    }

    void forget(List<Key> keys) {
        List<Write> writes = new ArrayList<>();
        keys.forEach(key -> writes.add(new Write.Delete(key.toBytes())));
        state.write(writes, false);
    }

    private static Key key(byte[] bytes) {
        StateInput in = new StateInput("A compacted log's key", bytes);
        in.skip(PREFIX.length);
        Key key = new Key(new UUID(in.int64(), in.int64()), in.int32());
        in.end();
        return key;
    }

    private static CleaningState read(Key key, byte[] value) {
        StateInput in = new StateInput("The compaction of " + key, value);
        in.version(VERSION);
        CleaningState read =
                new CleaningState(
                        new CleanPoint(in.int64(), in.int64()), in.int64(), in.int64(), in.int64());
        in.end();
        return read;
    }
}
