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
    }
}
