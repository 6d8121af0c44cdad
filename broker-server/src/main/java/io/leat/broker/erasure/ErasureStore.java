package io.leat.broker.erasure;

import io.leat.compaction.erasure.LogProgress;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Erasures in the state store, as {@link ErasureFormat} draws them. All methods block on the disk
 * and throw {@link io.leat.storage.api.StorageException}. Any thread.
 */
final class ErasureStore {
    private final StateStore state;

    ErasureStore(StateStore state) {
        this.state = state;
    }

    Optional<Erasure> find(UUID id) {
        byte[] key = ErasureFormat.key(id);
        return state.get(key).map(value -> ErasureFormat.read(key, value));
    }

    /** All of them, in no order. */
    List<Erasure> all() {
        List<Erasure> all = new ArrayList<>();
        state.scan(ErasureFormat.ERASURES, (key, value) -> all.add(ErasureFormat.read(key, value)));
        return all;
    }

    /** How far a running one is, by partition. */
    Map<Integer, LogProgress> progress(UUID id) {
        Map<Integer, LogProgress> progress = new TreeMap<>();
        state.scan(
                ErasureFormat.logPrefix(id),
                (key, value) -> {
                    int partition = ErasureFormat.partition(key);
                    progress.put(partition, ErasureFormat.readProgress(id, partition, value));
                });
        return progress;
    }

    /** Keeps a new one; a power cut cannot take it afterwards. */
    void accept(Erasure erasure, Map<Integer, LogProgress> progress) {
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Put(ErasureFormat.key(erasure.id()), ErasureFormat.value(erasure)));
        progress.forEach((partition, log) -> writes.add(put(erasure.id(), partition, log)));
        state.write(writes, true);
    }

    void save(UUID id, int partition, LogProgress progress) {
        state.write(List.of(put(id, partition, progress)), true);
    }

    /**
     * Keeps the end of one.
     *
     * @param forgotten an old one whose record goes
     */
    void end(Erasure erasure, Optional<UUID> forgotten) {
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Put(ErasureFormat.key(erasure.id()), ErasureFormat.value(erasure)));
        for (int partition = 0; partition < erasure.partitions(); partition++) {
            writes.add(new Write.Delete(ErasureFormat.logKey(erasure.id(), partition)));
        }
        forgotten.ifPresent(old -> writes.add(new Write.Delete(ErasureFormat.key(old))));
        state.write(writes, true);
    }

    private static Write put(UUID id, int partition, LogProgress progress) {
        return new Write.Put(ErasureFormat.logKey(id, partition), ErasureFormat.value(progress));
    }
}
