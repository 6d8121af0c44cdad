package io.leat.storage.api;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A small, ordered, durable map of bytes for coordinator state and metadata: offsets, groups,
 * topics, producer ids. Not for records.
 */
public interface StateStore extends AutoCloseable {
    Optional<byte[]> get(byte[] key);

    /** Every entry whose key begins with {@code prefix}, in unsigned byte order of the keys. */
    void scan(byte[] prefix, BiConsumer<byte[], byte[]> visitor);

    /**
     * The entries from {@code from} on, and before {@code to}, in unsigned byte order of the keys,
     * until the visitor has seen enough.
     */
    void scan(byte[] from, byte[] to, Visitor visitor);

    /** Looks at entries. */
    @FunctionalInterface
    interface Visitor {
        /** Whether the next entry is wanted too. */
        boolean visit(byte[] key, byte[] value);
    }

    /**
     * Writes the files anew that hold entries from {@code from} on and before {@code to}, so that
     * what was deleted or overwritten there is no longer on the disk. Blocks for as long as that
     * takes.
     *
     * @throws StorageException when the disk fails
     */
    void purge(byte[] from, byte[] to);

    /**
     * Applies all writes or none. With {@code durable} a power cut cannot take them once this
     * returns.
     *
     * @throws StorageException when the disk fails; then none is applied
     */
    void write(List<Write> writes, boolean durable);

    /** Why nothing can be written, as long as that is so; it heals by itself. */
    default Optional<String> failure() {
        return Optional.empty();
    }

    @Override
    void close();

    /** One change. */
    // Arrays: the values are handed to the store as they are, and never compared.
    @SuppressWarnings("ArrayRecordComponent")
    sealed interface Write {
        record Put(byte[] key, byte[] value) implements Write {}

        record Delete(byte[] key) implements Write {}

        /** All entries from {@code from} on, and before {@code to}. */
        record DeleteRange(byte[] from, byte[] to) implements Write {}
    }
}
