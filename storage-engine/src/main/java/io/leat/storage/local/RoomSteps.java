package io.leat.storage.local;

/**
 * How much room is made ready at the end of a growing segment at once: as much as the segment
 * holds, within bounds.
 *
 * @param blockBytes what the file system reads and writes at once; a power of two, {@link
 *     #BLOCK_BYTES_MAX} at the most
 * @param bytesMin a segment that holds less has no such room; a multiple of the block
 * @param bytesMax a multiple of the block
 */
public record RoomSteps(int blockBytes, int bytesMin, int bytesMax) {
    static final int BLOCK_BYTES_MAX = 4096;

    public RoomSteps {
        if (Integer.bitCount(blockBytes) != 1
                || blockBytes > BLOCK_BYTES_MAX
                || bytesMin < blockBytes
                || bytesMin % blockBytes != 0
                || bytesMax < bytesMin
                || bytesMax % blockBytes != 0) {
            throw new IllegalArgumentException(
                    "%d, %d, %d".formatted(blockBytes, bytesMin, bytesMax));
        }
    }
}
