package io.leat.broker.coordinator;

import java.util.Collection;
import java.util.Optional;

/**
 * How much heap things take, roughly and rather too much: with compressed references, and as if all
 * text had characters of two bytes.
 */
public final class HeapBytes {
    /** A small object with some references and numbers. */
    public static final long OBJECT = 64;

    /** A place in a map, a tree or a hash set, without what is in it. */
    public static final long ENTRY = 64;

    private static final long TEXT = 56;
    private static final long ARRAY = 40;

    private HeapBytes() {}

    public static long text(String text) {
        return TEXT + 2L * text.length();
    }

    /** A text that may not be there. */
    public static long text(Optional<String> text) {
        return text.isPresent() ? text(text.get()) : 0;
    }

    /** Texts in a collection. */
    public static long texts(Collection<String> texts) {
        long bytes = OBJECT;
        for (String text : texts) {
            bytes += ENTRY + text(text);
        }
        return bytes;
    }

    public static long array(long sizeBytes) {
        return ARRAY + sizeBytes;
    }
}
