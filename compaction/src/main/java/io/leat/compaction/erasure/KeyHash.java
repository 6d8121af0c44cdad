package io.leat.compaction.erasure;

import io.leat.compaction.segment.KeyDigest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The SHA-256 of a record's key: all that is kept of a key that is to go. Ordered by its bytes.
 *
 * <p>Who can guess a key can check the guess: the hash of a phone number is personal data too.
 *
 * @param first its first 8 bytes, big-endian as the others
 */
public record KeyHash(long first, long second, long third, long fourth)
        implements Comparable<KeyHash> {
    public static final int BYTES = KeyDigest.BYTES;

    private static final int PREFIX_DIGITS = 12;

    /** The hash of a key, position to limit, which are left as they are. */
    public static KeyHash of(ByteBuffer key) {
        MessageDigest digest = KeyDigest.sha256();
        digest.update(key.duplicate());
        return read(ByteBuffer.wrap(digest.digest()));
    }

    /** Reads what {@link #toBytes} made, at the buffer's position. */
    public static KeyHash read(ByteBuffer bytes) {
        return new KeyHash(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }

    /** All 64 digits. */
    public String hex() {
        return HexFormat.of().formatHex(toBytes());
    }

    /** Its first digits, to tell it from others in a log. */
    @Override
    public String toString() {
        return hex().substring(0, PREFIX_DIGITS);
    }

    @Override
    public int compareTo(KeyHash other) {
        int order = Long.compareUnsigned(first, other.first);
        order = order != 0 ? order : Long.compareUnsigned(second, other.second);
        order = order != 0 ? order : Long.compareUnsigned(third, other.third);
        return order != 0 ? order : Long.compareUnsigned(fourth, other.fourth);
    }
}
