package io.leat.broker.group.classic;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes that never change: what members give each other through the coordinator, which does not
 * look inside.
 */
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** Takes {@code content} over: nobody may change it any more. */
    public static Bytes of(byte[] content) {
        return content.length == 0 ? EMPTY : new Bytes(content);
    }

    /** Copies what is between position and limit, and leaves both alone. */
    public static Bytes copyOf(ByteBuffer source) {
        byte[] content = new byte[source.remaining()];
        source.get(source.position(), content);
        return of(content);
    }

    /** A read-only view of its own. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    /** The content itself, to be written and not to be changed. */
    public byte[] content() {
        return content;
    }

    public int sizeBytes() {
        return content.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return content.length + " bytes";
    }
}
