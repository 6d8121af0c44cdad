package io.leat.client;

import java.util.Objects;

/**
 * A position that a group has committed.
 *
 * @param offset the offset of the next record to read, 0 or more
 * @param metadata text that travels with the offset; may be empty
 */
public record OffsetAndMetadata(long offset, String metadata) {
    public OffsetAndMetadata {
        Objects.requireNonNull(metadata, "metadata");
        if (offset < 0) {
            throw new IllegalArgumentException("offset must be 0 or more: " + offset);
        }
    }

    /** An offset with no text. */
    public static OffsetAndMetadata of(long offset) {
        return new OffsetAndMetadata(offset, "");
    }
}
