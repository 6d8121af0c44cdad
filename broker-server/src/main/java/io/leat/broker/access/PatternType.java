package io.leat.broker.access;

import java.util.Optional;

/** How an ACL's resource name is meant: Kafka's PatternType, with its codes (KIP-290). */
public enum PatternType {
    /** In filters: whatever the type. */
    ANY(1),
    /** In filters: whatever covers the name. */
    MATCH(2),
    /** The name itself; {@code *} is every name. */
    LITERAL(3),
    /** All names that begin so. */
    PREFIXED(4);

    private final byte code;

    PatternType(int code) {
        this.code = (byte) code;
    }

    /** The type with a code on the wire, if there is one. */
    public static Optional<PatternType> of(byte code) {
        return code >= 1 && code <= 4 ? Optional.of(values()[code - 1]) : Optional.empty();
    }

    /** The number on the wire. */
    public byte code() {
        return code;
    }
}
