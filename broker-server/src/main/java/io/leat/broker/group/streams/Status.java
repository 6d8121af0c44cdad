package io.leat.broker.group.streams;

import io.leat.broker.group.member.Wording;

/**
 * What keeps a group or a member from its work.
 *
 * @param detail for people; what is very long is cut short
 */
public record Status(Kind kind, String detail) {
    public Status {
        detail = Wording.bounded(detail);
    }

    /** Kafka's codes. */
    public enum Kind {
        STALE_TOPOLOGY(0),
        MISSING_SOURCE_TOPICS(1),
        INCORRECTLY_PARTITIONED_TOPICS(2),
        MISSING_INTERNAL_TOPICS(3),
        SHUTDOWN_APPLICATION(4),
        ASSIGNMENT_DELAYED(5);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        public byte code() {
            return code;
        }
    }
}
