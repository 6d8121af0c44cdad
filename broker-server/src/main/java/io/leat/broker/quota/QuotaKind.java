package io.leat.broker.quota;

import java.util.Arrays;
import java.util.Optional;

/** What a quota limits. */
public enum QuotaKind {
    /** Bytes of records produced in a second. */
    PRODUCER_BYTE_RATE("producer_byte_rate", Long.MAX_VALUE, false),
    /** Bytes of records fetched in a second. */
    CONSUMER_BYTE_RATE("consumer_byte_rate", Long.MAX_VALUE, false),
    /** Time of the event loops, in percent of one. */
    REQUEST_PERCENTAGE("request_percentage", Double.MAX_VALUE, false),
    /** Partitions created and deleted in a second. */
    CONTROLLER_MUTATION_RATE("controller_mutation_rate", Double.MAX_VALUE, false),
    /** Connections of an address in a second. */
    CONNECTION_CREATION_RATE("connection_creation_rate", Integer.MAX_VALUE, true);

    private final String key;
    private final double max;
    private final boolean ofAddress;

    QuotaKind(String key, double max, boolean ofAddress) {
        this.key = key;
        this.max = max;
        this.ofAddress = ofAddress;
    }

    static Optional<QuotaKind> of(String key) {
        return Arrays.stream(values()).filter(kind -> kind.key.equals(key)).findFirst();
    }

    /** The name in the protocol. */
    public String key() {
        return key;
    }

    boolean ofAddress() {
        return ofAddress;
    }

    /** What is wrong with a value of this quota, if anything is. */
    Optional<String> flaw(double value) {
        if (!(value > 0)) {
            return Optional.of("Quota " + key + " must be greater than 0, not " + value);
        }
        boolean fractional = this == REQUEST_PERCENTAGE || this == CONTROLLER_MUTATION_RATE;
        if (!fractional && value > max) {
            return Optional.of("Quota " + key + " cannot be as large as " + value);
        }
        if (!fractional && Math.abs(value % 1.0) > 1e-6) {
            return Optional.of("Quota " + key + " must be a whole number, not " + value);
        }
        return Optional.empty();
    }
}
