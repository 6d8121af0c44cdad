package io.leat.tests.share;

import java.util.Optional;

/**
 * What happens to a record at a member, as a line of its output.
 *
 * @param nanos the monotonic clock of the machine, which all its processes share
 */
record ShareEvent(Kind kind, String member, int partition, long offset, int count, long nanos) {
    private static final String PREFIX = "share-event";

    enum Kind {
        /** The member was given it. */
        DELIVERED,
        /** The member is about to say that it accepts it. */
        ACCEPTING,
        /** The broker has taken the acceptance. */
        ACCEPTED,
        /** The broker has not taken the acceptance. */
        REFUSED,
        /** The broker has taken the rejection. */
        REJECTED
    }

    String toLine() {
        return "%s %s %s %d %d %d %d"
                .formatted(PREFIX, kind, member, partition, offset, count, nanos);
    }

    static Optional<ShareEvent> fromLine(String line) {
        String[] parts = line.split(" ", -1);
        return parts.length == 7 && parts[0].equals(PREFIX)
                ? Optional.of(
                        new ShareEvent(
                                Kind.valueOf(parts[1]),
                                parts[2],
                                Integer.parseInt(parts[3]),
                                Long.parseLong(parts[4]),
                                Integer.parseInt(parts[5]),
                                Long.parseLong(parts[6])))
                : Optional.empty();
    }
}
