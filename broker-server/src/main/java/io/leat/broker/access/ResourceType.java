package io.leat.broker.access;

import static io.leat.broker.access.Operation.ALTER;
import static io.leat.broker.access.Operation.ALTER_CONFIGS;
import static io.leat.broker.access.Operation.CLUSTER_ACTION;
import static io.leat.broker.access.Operation.CREATE;
import static io.leat.broker.access.Operation.CREATE_TOKENS;
import static io.leat.broker.access.Operation.DELETE;
import static io.leat.broker.access.Operation.DESCRIBE;
import static io.leat.broker.access.Operation.DESCRIBE_CONFIGS;
import static io.leat.broker.access.Operation.DESCRIBE_TOKENS;
import static io.leat.broker.access.Operation.IDEMPOTENT_WRITE;
import static io.leat.broker.access.Operation.READ;
import static io.leat.broker.access.Operation.TWO_PHASE_COMMIT;
import static io.leat.broker.access.Operation.WRITE;

import io.leat.wire.ErrorCode;
import java.util.Optional;

/** What access is given to: Kafka's ResourceType, with its codes, names and operations. */
public enum ResourceType {
    TOPIC(
            2,
            ErrorCode.TOPIC_AUTHORIZATION_FAILED,
            READ,
            WRITE,
            CREATE,
            DELETE,
            ALTER,
            DESCRIBE,
            DESCRIBE_CONFIGS,
            ALTER_CONFIGS),
    GROUP(
            3,
            ErrorCode.GROUP_AUTHORIZATION_FAILED,
            READ,
            DELETE,
            DESCRIBE,
            DESCRIBE_CONFIGS,
            ALTER_CONFIGS),
    CLUSTER(
            4,
            ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
            CREATE,
            ALTER,
            DESCRIBE,
            CLUSTER_ACTION,
            DESCRIBE_CONFIGS,
            ALTER_CONFIGS,
            IDEMPOTENT_WRITE),
    TRANSACTIONAL_ID(
            5, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, WRITE, DESCRIBE, TWO_PHASE_COMMIT),
    DELEGATION_TOKEN(6, ErrorCode.DELEGATION_TOKEN_AUTHORIZATION_FAILED, DESCRIBE),
    USER(7, ErrorCode.CLUSTER_AUTHORIZATION_FAILED, CREATE_TOKENS, DESCRIBE_TOKENS);

    /** The name of the one resource of type {@link #CLUSTER}. */
    public static final String CLUSTER_NAME = "kafka-cluster";

    private final byte code;
    private final ErrorCode refusal;
    private final int operations;

    ResourceType(int code, ErrorCode refusal, Operation... operations) {
        this.code = (byte) code;
        this.refusal = refusal;
        int bits = 0;
        for (Operation operation : operations) {
            bits |= operation.bit();
        }
        this.operations = bits;
    }

    /** The type with a code on the wire, if it is one that resources have. */
    public static Optional<ResourceType> of(byte code) {
        for (ResourceType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The number on the wire. */
    public byte code() {
        return code;
    }

    /** What who is not allowed is told. */
    public ErrorCode refusal() {
        return refusal;
    }

    /** All that can be done to resources of this type, as bits. */
    public int operations() {
        return operations;
    }

    /** Whether resources of this type know {@code operation}. */
    public boolean knows(Operation operation) {
        return (operations & operation.bit()) != 0;
    }
}
