package io.leat.compaction.segment;

import io.leat.wire.record.RecordScan;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of records' keys, made without allocation: what keys are told apart by. Nobody can
 * make two keys that are taken for the same, and so a record go that is the latest of its key. One
 * thread.
 */
public final class KeyDigest {
    public static final int BYTES = 32;

    private final MessageDigest digest = sha256();
    private final byte[] hash = new byte[BYTES];
    private final ByteBuffer hashed = ByteBuffer.wrap(hash);
    private ByteBuffer viewed = ByteBuffer.allocate(0);
    private ByteBuffer view = viewed;

    /** A new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Takes the key of a record that has one. */
    @SuppressWarnings("ReferenceEquality") // Equal content is not enough: it must be that buffer.
    public void take(RecordScan record) {
        ByteBuffer window = record.keyBuffer();
        if (window != viewed) {
            viewed = window;
            view = window.duplicate();
        }
        int end = record.keyPosition() + record.keySizeBytes();
        view.limit(end).position(record.keyPosition());
        digest.update(view);
        try {
            int size = digest.digest(hash, 0, BYTES);
            assert size == BYTES;
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has " + BYTES + " bytes", e);
        }
    }

    /** 8 bytes, big-endian, of the hash of the key taken last; {@code i} from 0 to 3. */
    public long word(int i) {
        return hashed.getLong(Long.BYTES * i);
    }
}
