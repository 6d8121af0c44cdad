package io.leat.client;

import io.leat.client.network.HostPort;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a client finds and talks to its cluster; part of the options of {@link Producer}, {@link
 * Consumer} and {@link Admin}.
 *
 * @param bootstrap addresses as {@code host:port}, one or more; one that answers is enough, it
 *     names all brokers
 * @param clientId how the client names itself to brokers, for their logs and metrics
 * @param connectTimeout for one attempt to connect
 * @param bootstrapTimeout how long {@code connect} keeps trying while no bootstrap address answers;
 *     zero tries each of them once
 * @param requestTimeout how long one answer of a broker may take
 * @param operationTimeout how long a blocking call may take, with all its requests and retries
 * @param retryBackoff the pause after a first failure; it doubles with every further one
 * @param retryBackoffMax the longest pause between retries
 * @param metadataAgeMax after which topics and brokers are looked up anew even if nothing failed
 * @param responseBytesMax the largest response that is accepted
 * @param tls how connections are encrypted; without it they are not
 * @param sasl how the client says who it is; without it, it does not, or by its certificate only
 */
public record ConnectionOptions(
        List<String> bootstrap,
        String clientId,
        Duration connectTimeout,
        Duration bootstrapTimeout,
        Duration requestTimeout,
        Duration operationTimeout,
        Duration retryBackoff,
        Duration retryBackoffMax,
        Duration metadataAgeMax,
        int responseBytesMax,
        Optional<TlsOptions> tls,
        Optional<SaslOptions> sasl) {

    public ConnectionOptions {
        bootstrap = List.copyOf(bootstrap);
        Check.that(
                !bootstrap.isEmpty(),
                "bootstrap must name at least one address, such as localhost:9092");
        bootstrap.forEach(HostPort::parse);
        Objects.requireNonNull(clientId, "clientId");
        Check.positive("connectTimeout", connectTimeout);
        Check.notNegative("bootstrapTimeout", bootstrapTimeout);
        Check.positive("requestTimeout", requestTimeout);
        Check.positive("operationTimeout", operationTimeout);
        Check.positive("retryBackoff", retryBackoff);
        Check.that(
                retryBackoffMax.compareTo(retryBackoff) >= 0,
                "retryBackoffMax must be at least retryBackoff, "
                        + retryBackoff
                        + ": "
                        + retryBackoffMax);
        Check.positive("metadataAgeMax", metadataAgeMax);
        Check.atLeast("responseBytesMax", 1024, responseBytesMax);
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(sasl, "sasl");
    }

    /** The defaults for these addresses, which may be separated by commas. */
    public static ConnectionOptions of(String bootstrap) {
        return builder(bootstrap).build();
    }

    /** A builder with the defaults for these addresses, which may be separated by commas. */
    public static Builder builder(String bootstrap) {
        return new Builder(Arrays.stream(bootstrap.split(",")).map(String::strip).toList());
    }

    List<HostPort> addresses() {
        return bootstrap.stream().map(HostPort::parse).toList();
    }

    /** Sets what shall differ from the defaults. For one thread. */
    public static final class Builder {
        private final List<String> bootstrap;
        private String clientId = "leat-client";
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration bootstrapTimeout = Duration.ZERO;
        private Duration requestTimeout = Duration.ofSeconds(30);
        private Duration operationTimeout = Duration.ofSeconds(60);
        private Duration retryBackoff = Duration.ofMillis(50);
        private Duration retryBackoffMax = Duration.ofSeconds(1);
        private Duration metadataAgeMax = Duration.ofMinutes(5);
        private int responseBytesMax = 128 << 20;
        private Optional<TlsOptions> tls = Optional.empty();
        private Optional<SaslOptions> sasl = Optional.empty();

        private Builder(List<String> bootstrap) {
            this.bootstrap = bootstrap;
        }

        /** Default {@code leat-client}. */
        public Builder clientId(String value) {
            clientId = value;
            return this;
        }

        /** Default 10 seconds. */
        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        /** Default zero. */
        public Builder bootstrapTimeout(Duration value) {
            bootstrapTimeout = value;
            return this;
        }

        /** Default 30 seconds. */
        public Builder requestTimeout(Duration value) {
            requestTimeout = value;
            return this;
        }

        /** Default 60 seconds. */
        public Builder operationTimeout(Duration value) {
            operationTimeout = value;
            return this;
        }

        /** Default 50 milliseconds. */
        public Builder retryBackoff(Duration value) {
            retryBackoff = value;
            return this;
        }

        /** Default 1 second. */
        public Builder retryBackoffMax(Duration value) {
            retryBackoffMax = value;
            return this;
        }

        /** Default 5 minutes. */
        public Builder metadataAgeMax(Duration value) {
            metadataAgeMax = value;
            return this;
        }

        /** Default 128 MiB. */
        public Builder responseBytesMax(int value) {
            responseBytesMax = value;
            return this;
        }

        /** Default none. */
        public Builder tls(TlsOptions value) {
            tls = Optional.of(value);
            return this;
        }

        /** Default none. */
        public Builder sasl(SaslOptions value) {
            sasl = Optional.of(value);
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if one of them is not allowed; the message names it
         */
        public ConnectionOptions build() {
            return new ConnectionOptions(
                    bootstrap,
                    clientId,
                    connectTimeout,
                    bootstrapTimeout,
                    requestTimeout,
                    operationTimeout,
                    retryBackoff,
                    retryBackoffMax,
                    metadataAgeMax,
                    responseBytesMax,
                    tls,
                    sasl);
        }
    }
}
