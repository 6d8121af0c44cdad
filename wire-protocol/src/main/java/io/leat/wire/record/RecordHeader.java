package io.leat.wire.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record: a name, which need not be the only one of its kind, and bytes.
 *
 * @param key the name
 * @param value the bytes from position to limit; null is a value of its own
 */
public record RecordHeader(String key, @Nullable ByteBuffer value) {
    public RecordHeader {
        Objects.requireNonNull(key, "a header's key cannot be null");
    }

    /** A header whose value is text in UTF-8. */
    public static RecordHeader of(String key, String value) {
        return new RecordHeader(key, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }
}
