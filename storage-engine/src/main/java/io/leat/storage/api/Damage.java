package io.leat.storage.api;

/**
 * Records that were durable, and are no longer as they were or no longer there. Reads of them fail;
 * whatever stands before and behind can be read.
 *
 * @param fromOffset the first offset that cannot be read
 * @param endOffset the first offset behind that can be read again, or where the log ends
 * @param place where it is stored, for people: a file and the position in it
 * @param cause what is wrong there, for people
 */
public record Damage(long fromOffset, long endOffset, String place, String cause) {
    public Damage {
        if (fromOffset < 0 || endOffset <= fromOffset) {
            throw new IllegalArgumentException(
                    "no offsets: %d to %d".formatted(fromOffset, endOffset));
        }
    }

    /** Whether a record at this offset is affected. */
    public boolean holds(long offset) {
        return fromOffset <= offset && offset < endOffset;
    }

    @Override
    public String toString() {
        return "offsets %d to %d are damaged: %s: %s"
                .formatted(fromOffset, endOffset - 1, place, cause);
    }
}
