package io.leat.client;

/** Which offset of a partition is asked for. */
public sealed interface OffsetSpec {
    /** The first record that is still there. */
    OffsetSpec EARLIEST = new Earliest();

    /** Behind the last record. */
    OffsetSpec LATEST = new Latest();

    /** The record with the largest timestamp. */
    OffsetSpec MAX_TIMESTAMP = new MaxTimestamp();

    /** The first record whose timestamp is this or later. */
    static OffsetSpec atTimestampMillis(long millis) {
        return new AtTimestamp(millis);
    }

    /** {@link #EARLIEST}. */
    record Earliest() implements OffsetSpec {
        @Override
        public long wire() {
            return -2;
        }
    }

    /** {@link #LATEST}. */
    record Latest() implements OffsetSpec {
        @Override
        public long wire() {
            return -1;
        }
    }

    /** {@link #MAX_TIMESTAMP}. */
    record MaxTimestamp() implements OffsetSpec {
        @Override
        public long wire() {
            return -3;
        }
    }

    /**
     * {@link #atTimestampMillis}.
     *
     * @param millis milliseconds since 1970, not negative
     */
    record AtTimestamp(long millis) implements OffsetSpec {
        public AtTimestamp {
            Check.atLeast("timestampMillis", 0, millis);
        }

        @Override
        public long wire() {
            return millis;
        }
    }

    /** The timestamp field of a ListOffsets request. */
    long wire();
}
