package io.leat.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a {@link Consumer} reads.
 *
 * @param connection the cluster
 * @param groupId the group to join or to keep offsets under; empty for a consumer that does neither
 * @param groupInstanceId a name for this member that outlives it: a member that comes back under
 *     its name in time gets its partitions back without a rebalance (KIP-345)
 * @param assignors what this member offers, the best first
 * @param offsetReset where to start without a committed offset
 * @param isolation which records of transactions are seen
 * @param autoCommitInterval how often {@code poll} commits what earlier calls returned; empty
 *     leaves commits to the caller
 * @param sessionTimeout after which the group gives up a member whose heartbeats stay away
 * @param heartbeatInterval between two heartbeats
 * @param maxPollInterval between two calls of {@code poll}; a member that takes longer leaves its
 *     group
 * @param pollRecordsMax the most records that one {@code poll} returns
 * @param fetchBytesMin bytes that a broker waits for before it answers, within {@code fetchWait}
 * @param fetchWait how long a broker waits for {@code fetchBytesMin}
 * @param fetchBytesMax bytes of one answer; a first batch that is larger comes all the same
 * @param partitionBytesMax bytes of one partition in one answer; the same holds
 * @param prefetchBytes the memory for what is fetched ahead of {@code poll}
 */
public record ConsumerOptions(
        ConnectionOptions connection,
        Optional<String> groupId,
        Optional<String> groupInstanceId,
        List<Assignor> assignors,
        OffsetReset offsetReset,
        IsolationLevel isolation,
        Optional<Duration> autoCommitInterval,
        Duration sessionTimeout,
        Duration heartbeatInterval,
        Duration maxPollInterval,
        int pollRecordsMax,
        int fetchBytesMin,
        Duration fetchWait,
        int fetchBytesMax,
        int partitionBytesMax,
        int prefetchBytes) {

    public ConsumerOptions {
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(offsetReset, "offsetReset");
        Objects.requireNonNull(isolation, "isolation");
        assignors = List.copyOf(assignors);
        Check.that(groupId.isEmpty() || !groupId.get().isEmpty(), "groupId must not be empty text");
        Check.that(
                groupInstanceId.isEmpty() || groupId.isPresent(),
                "groupInstanceId is of no use without a groupId");
        Check.that(
                !assignors.isEmpty(),
                "assignors must name at least one, such as COOPERATIVE_STICKY");
        Check.that(
                assignors.stream().distinct().count() == assignors.size(),
                "assignors names one twice: " + assignors);
        autoCommitInterval.ifPresent(interval -> Check.positive("autoCommitInterval", interval));
        Check.positive("sessionTimeout", sessionTimeout);
        Check.positive("heartbeatInterval", heartbeatInterval);
        Check.that(
                heartbeatInterval.compareTo(sessionTimeout) < 0,
                "heartbeatInterval must be shorter than sessionTimeout, "
                        + sessionTimeout
                        + ": "
                        + heartbeatInterval);
        Check.positive("maxPollInterval", maxPollInterval);
        Check.atLeast("pollRecordsMax", 1, pollRecordsMax);
        Check.atLeast("fetchBytesMin", 0, fetchBytesMin);
        Check.notNegative("fetchWait", fetchWait);
        Check.that(
                fetchWait.compareTo(connection.requestTimeout()) < 0,
                "fetchWait must be shorter than requestTimeout, "
                        + connection.requestTimeout()
                        + ": "
                        + fetchWait);
        Check.atLeast("fetchBytesMax", 1, fetchBytesMax);
        Check.atLeast("partitionBytesMax", 1, partitionBytesMax);
        Check.atLeast("prefetchBytes", 1, prefetchBytes);
    }

    /** The defaults for these addresses, which may be separated by commas. */
    public static ConsumerOptions of(String bootstrap) {
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
        private Optional<String> groupId = Optional.empty();
        private Optional<String> groupInstanceId = Optional.empty();
        private List<Assignor> assignors = List.of(Assignor.COOPERATIVE_STICKY);
        private OffsetReset offsetReset = OffsetReset.LATEST;
        private IsolationLevel isolation = IsolationLevel.READ_UNCOMMITTED;
        private Optional<Duration> autoCommitInterval = Optional.of(Duration.ofSeconds(5));
        private Duration sessionTimeout = Duration.ofSeconds(45);
        private Duration heartbeatInterval = Duration.ofSeconds(3);
        private Duration maxPollInterval = Duration.ofMinutes(5);
        private int pollRecordsMax = 500;
        private int fetchBytesMin = 1;
        private Duration fetchWait = Duration.ofMillis(500);
        private int fetchBytesMax = 16 << 20;
        private int partitionBytesMax = 1 << 20;
        private int prefetchBytes = 32 << 20;

        private Builder(ConnectionOptions connection) {
            this.connection = connection;
        }

        /** Default none. */
        public Builder groupId(String value) {
            groupId = Optional.of(value);
            return this;
        }

        /** Default none. */
        public Builder groupInstanceId(String value) {
            groupInstanceId = Optional.of(value);
            return this;
        }

        /** Default {@link Assignor#COOPERATIVE_STICKY} alone. */
        public Builder assignors(Assignor... values) {
            assignors = List.of(values);
            return this;
        }

        /** Default {@link OffsetReset#LATEST}. */
        public Builder offsetReset(OffsetReset value) {
            offsetReset = value;
            return this;
        }

        /** Default {@link IsolationLevel#READ_UNCOMMITTED}. */
        public Builder isolation(IsolationLevel value) {
            isolation = value;
            return this;
        }

        /** Default 5 seconds. Without a group id nothing is committed by itself. */
        public Builder autoCommitInterval(Duration value) {
            autoCommitInterval = Optional.of(value);
            return this;
        }

        /** Leaves all commits to the caller. */
        public Builder noAutoCommit() {
            autoCommitInterval = Optional.empty();
            return this;
        }

        /** Default 45 seconds. */
        public Builder sessionTimeout(Duration value) {
            sessionTimeout = value;
            return this;
        }

        /** Default 3 seconds. */
        public Builder heartbeatInterval(Duration value) {
            heartbeatInterval = value;
            return this;
        }

        /** Default 5 minutes. */
        public Builder maxPollInterval(Duration value) {
            maxPollInterval = value;
            return this;
        }

        /** Default 500. */
        public Builder pollRecordsMax(int value) {
            pollRecordsMax = value;
            return this;
        }

        /** Default 1. */
        public Builder fetchBytesMin(int value) {
            fetchBytesMin = value;
            return this;
        }

        /** Default 500 milliseconds. */
        public Builder fetchWait(Duration value) {
            fetchWait = value;
            return this;
        }

        /** Default 16 MiB. */
        public Builder fetchBytesMax(int value) {
            fetchBytesMax = value;
            return this;
        }

        /** Default 1 MiB. */
        public Builder partitionBytesMax(int value) {
            partitionBytesMax = value;
            return this;
        }

        /** Default 32 MiB. */
        public Builder prefetchBytes(int value) {
            prefetchBytes = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if one of them is not allowed; the message names it
         */
        public ConsumerOptions build() {
            return new ConsumerOptions(
                    connection,
                    groupId,
                    groupInstanceId,
                    assignors,
                    offsetReset,
                    isolation,
                    autoCommitInterval,
                    sessionTimeout,
                    heartbeatInterval,
                    maxPollInterval,
                    pollRecordsMax,
                    fetchBytesMin,
                    fetchWait,
                    fetchBytesMax,
                    partitionBytesMax,
                    prefetchBytes);
        }
    }
}
