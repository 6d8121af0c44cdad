package io.leat.broker.transaction;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;

/**
 * Limits and waits of transactions.
 *
 * @param timeoutMillisMax Kafka's {@code transaction.max.timeout.ms}
 * @param expirationMillis Kafka's {@code transactional.id.expiration.ms}
 */
public record TransactionConfig(int timeoutMillisMax, long expirationMillis) {
    /** The defaults. */
    public static final TransactionConfig DEFAULT = of(BrokerConfig.defaults());

    public static TransactionConfig of(BrokerConfig config) {
        return new TransactionConfig(
                config.get(BrokerKeys.TRANSACTION_MAX_TIMEOUT_MS),
                config.get(BrokerKeys.TRANSACTIONAL_ID_EXPIRATION_MS));
    }
}
