package io.leat.wire.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/**
 * How the records of a batch are compressed. The levels are those of the producer setting {@code
 * compression.<name>.level} (KIP-390). Naming a constant loads no native library; only work on a
 * batch of that kind does.
 */
public enum Compression {
    NONE(0, 0, 0, 0),
    /** RFC 1952. -1 stands for the JDK's default level. */
    GZIP(1, -1, 9, -1),
    /** Blocks of raw Snappy in Xerial's framing; bare raw Snappy is read too. Has no levels. */
    SNAPPY(2, 0, 0, 0),
    /** LZ4 frames of independent blocks. Level 9 is the fast compressor, the others are LZ4 HC. */
    LZ4(3, 1, 17, 9),
    ZSTD(4, -(1 << 17), 22, 3);

    private static final Compression[] BY_ID = values();

    private final int id;
    private final int levelMin;
    private final int levelMax;
    private final int levelDefault;

    Compression(int id, int levelMin, int levelMax, int levelDefault) {
        this.id = id;
        this.levelMin = levelMin;
        this.levelMax = levelMax;
        this.levelDefault = levelDefault;
    }

    /** The value of the attributes' lowest three bits. */
    public int id() {
        return id;
    }

    public int levelMin() {
        return levelMin;
    }

    public int levelMax() {
        return levelMax;
    }

    public int levelDefault() {
        return levelDefault;
    }

    /** The name that settings use, such as {@code zstd}. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The codec with this id; empty for ids that no codec has. */
    public static Optional<Compression> ofId(int id) {
        return isKnown(id) ? Optional.of(BY_ID[id]) : Optional.empty();
    }

    /** The codec that settings call so, in any case; empty where there is none. */
    public static Optional<Compression> ofConfigName(String name) {
        for (Compression compression : BY_ID) {
            if (compression.configName().equals(name.toLowerCase(Locale.ROOT))) {
                return Optional.of(compression);
            }
        }
        return Optional.empty();
    }

    /**
     * Inflates bytes that are no batch, such as telemetry.
     *
     * @param inflatedBytesMax more than this is refused, without taking the memory for it
     * @throws InvalidBatchException when the bytes are damaged, or too many
     */
    public ByteBuffer inflate(ByteBuffer bytes, int inflatedBytesMax) {
        if (this == NONE) {
            return bytes.slice();
        }
        try (InputStream in = Codec.of(this).inflate(bytes, inflatedBytesMax)) {
            byte[] inflated = in.readNBytes(inflatedBytesMax);
            if (in.read() >= 0) {
                throw new InvalidBatchException(
                        Flaw.INFLATES_TOO_LARGE,
                        "more than %d bytes when inflated".formatted(inflatedBytesMax));
            }
            return ByteBuffer.wrap(inflated);
        } catch (IOException | RuntimeException e) {
            throw e instanceof InvalidBatchException invalid
                    ? invalid
                    : new InvalidBatchException(
                            Flaw.BAD_COMPRESSION, configName() + ": " + e.getMessage());
        } catch (LinkageError e) {
            throw RecordCursor.unavailable(this, e);
        }
    }

    static boolean isKnown(int id) {
        return id >= 0 && id < BY_ID.length;
    }

    /** As {@link #ofId}, for batches that may be damaged. */
    static Compression require(int id) {
        if (!isKnown(id)) {
            throw new InvalidBatchException(
                    Flaw.UNKNOWN_COMPRESSION, "no codec has the compression id " + id);
        }
        return BY_ID[id];
    }
}
