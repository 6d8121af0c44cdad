package io.leat.client;

import io.leat.wire.record.Compression;
import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link Producer} sends.
 *
 * @param connection the cluster
 * @param acks when a record counts as delivered
 * @param idempotent whether brokers recognise and drop what retries repeat, and keep the order over
 *     retries; needs {@link Acks#ALL}; without it the order is kept over retries only with an
 *     {@code inFlightMax} of 1
 * @param linger how long a record may wait for others to share its batch; zero sends at once what
 *     is there
 * @param batchBytes how large a batch may become, counted before compression; a larger record goes
 *     alone
 * @param requestBytesMax the largest produce request, and so the largest record
 * @param bufferBytes the memory for records that are not yet delivered; {@code send} waits when it
 *     is used up
 * @param compression how batches are compressed
 * @param maxBlock how long {@code send} may wait for memory and for the topic to be known
 * @param deliveryTimeout from {@code send} to the last retry
 * @param inFlightMax produce requests on the way to one broker; 1 to 5
 */
public record ProducerOptions(
        ConnectionOptions connection,
        Acks acks,
        boolean idempotent,
        Duration linger,
        int batchBytes,
        int requestBytesMax,
        long bufferBytes,
        Compression compression,
        Duration maxBlock,
        Duration deliveryTimeout,
        int inFlightMax) {

    /**
     * What a broker remembers of a producer in each partition, and so what may be on the way at
     * once.
     */
    private static final int IN_FLIGHT_LIMIT = 5;

    public ProducerOptions {
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(acks, "acks");
        Objects.requireNonNull(compression, "compression");
        Check.that(
                !idempotent || acks == Acks.ALL,
                "acks must be ALL unless idempotent is false: " + acks);
        Check.notNegative("linger", linger);
        Check.atLeast("batchBytes", 1, batchBytes);
        Check.between("requestBytesMax", 1024, 1 << 30, requestBytesMax);
        Check.that(
                batchBytes <= requestBytesMax,
                "batchBytes must be at most requestBytesMax, "
                        + requestBytesMax
                        + ": "
                        + batchBytes);
        Check.that(
                bufferBytes >= requestBytesMax,
                "bufferBytes must be at least requestBytesMax, "
                        + requestBytesMax
                        + ": "
                        + bufferBytes);
        Check.notNegative("maxBlock", maxBlock);
        Check.that(
                deliveryTimeout.compareTo(linger) > 0,
                "deliveryTimeout must be longer than linger, " + linger + ": " + deliveryTimeout);
        Check.between("inFlightMax", 1, IN_FLIGHT_LIMIT, inFlightMax);
    }

    /** The defaults for these addresses, which may be separated by commas. */
    public static ProducerOptions of(String bootstrap) {
        return builder(bootstrap).build();
    }

    /** A builder with the defaults for these addresses, which may be separated by commas. */
    public static Builder builder(String bootstrap) {
        return builder(ConnectionOptions.of(bootstrap));
    }

    /** A builder with the defaults for this cluster. */
    public static Builder builder(ConnectionOptions connection) {
        return new Builder(connection);
    }

    /** Sets what shall differ from the defaults. For one thread. */
    public static final class Builder {
        private final ConnectionOptions connection;
        private Acks acks = Acks.ALL;
        private boolean idempotent = true;
        private Duration linger = Duration.ZERO;
        private int batchBytes = 64 << 10;
        private int requestBytesMax = 1 << 20;
        private long bufferBytes = 32L << 20;
        private Compression compression = Compression.NONE;
        private Duration maxBlock = Duration.ofSeconds(30);
        private Duration deliveryTimeout = Duration.ofMinutes(2);
        private int inFlightMax = IN_FLIGHT_LIMIT;

        private Builder(ConnectionOptions connection) {
            this.connection = connection;
        }

        /** Default {@link Acks#ALL}. */
        public Builder acks(Acks value) {
            acks = value;
            return this;
        }

        /** Default true. */
        public Builder idempotent(boolean value) {
            idempotent = value;
            return this;
        }

        /** Default zero. While requests are on the way records gather in batches anyway. */
        public Builder linger(Duration value) {
            linger = value;
            return this;
        }

        /** Default 64 KiB. */
        public Builder batchBytes(int value) {
            batchBytes = value;
            return this;
        }

        /** Default 1 MiB. */
        public Builder requestBytesMax(int value) {
            requestBytesMax = value;
            return this;
        }

        /** Default 32 MiB. */
        public Builder bufferBytes(long value) {
            bufferBytes = value;
            return this;
        }

        /** Default {@link Compression#NONE}. */
        public Builder compression(Compression value) {
            compression = value;
            return this;
        }

        /** Default 30 seconds. */
        public Builder maxBlock(Duration value) {
            maxBlock = value;
            return this;
        }

        /** Default 2 minutes. */
        public Builder deliveryTimeout(Duration value) {
            deliveryTimeout = value;
            return this;
        }

        /** Default 5. */
        public Builder inFlightMax(int value) {
            inFlightMax = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if one of them is not allowed; the message names it
         */
        public ProducerOptions build() {
            return new ProducerOptions(
                    connection,
                    acks,
                    idempotent,
                    linger,
                    batchBytes,
                    requestBytesMax,
                    bufferBytes,
                    compression,
                    maxBlock,
                    deliveryTimeout,
                    inFlightMax);
        }
    }
}
