package io.leat.broker.access;

import java.util.Optional;

/** What can be done to a resource: Kafka's AclOperation, with its codes and names. */
public enum Operation {
    ANY(1),
    ALL(2),
    READ(3),
    WRITE(4),
    CREATE(5),
    DELETE(6),
    ALTER(7),
    DESCRIBE(8),
    CLUSTER_ACTION(9),
    DESCRIBE_CONFIGS(10),
    ALTER_CONFIGS(11),
    IDEMPOTENT_WRITE(12),
    CREATE_TOKENS(13),
    DESCRIBE_TOKENS(14),
    TWO_PHASE_COMMIT(15);

    private static final Operation[] VALUES = values();

    private final byte code;

    Operation(int code) {
        this.code = (byte) code;
    }

    /** The operation with a code on the wire, if there is one. */
    public static Optional<Operation> of(byte code) {
        int index = code - 1;
        return index >= 0 && index < VALUES.length ? Optional.of(VALUES[index]) : Optional.empty();
    }

    /** The number on the wire. */
    public byte code() {
        return code;
    }

    /** Its place in a set of operations as KIP-430 writes it. */
    public int bit() {
        return 1 << code;
    }
}
