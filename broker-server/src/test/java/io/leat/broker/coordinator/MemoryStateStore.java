package io.leat.broker.coordinator;

import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A state store in memory: what is in it survives a crash of the coordinator. */
public final class MemoryStateStore implements StateStore {
    private final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    private int writeCount;
    private int failuresLeft;

    /** Makes the next {@code count} writes fail. */
    public synchronized void failWrites(int count) {
        failuresLeft = count;
    }

    /** How many writes there were, each of one or more changes. */
    public synchronized int writeCount() {
        return writeCount;
    }

    public synchronized int size() {
        return entries.size();
    }

    @Override
    public synchronized Optional<byte[]> get(byte[] key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public synchronized void scan(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
        entries.tailMap(prefix, true).entrySet().stream()
                .takeWhile(e -> startsWith(e.getKey(), prefix))
                .forEach(e -> visitor.accept(e.getKey(), e.getValue()));
    }

    @Override
    public synchronized void scan(byte[] from, byte[] to, Visitor visitor) {
        for (var entry : entries.subMap(from, true, to, false).entrySet()) {
            if (!visitor.visit(entry.getKey(), entry.getValue())) {
                return;
            }
        }
    }

    @Override
    public void purge(byte[] from, byte[] to) {}

    @Override
    public synchronized void write(List<Write> writes, boolean durable) {
        if (failuresLeft > 0) {
            failuresLeft--;
            throw new StorageException("the disk is full, says the test");
        }
        writeCount++;
        for (Write write : writes) {
            switch (write) {
                case Write.Put put -> entries.put(put.key(), put.value());
                case Write.Delete delete -> entries.remove(delete.key());
                case Write.DeleteRange range ->
                        entries.subMap(range.from(), true, range.to(), false).clear();
            }
        }
    }

    @Override
    public void close() {}

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
