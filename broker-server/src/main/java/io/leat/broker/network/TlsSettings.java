package io.leat.broker.network;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.SecurityKeys;
import java.util.List;

/**
 * How a listener encrypts, as {@link SecurityKeys} explains. Never printed: it holds passwords.
 *
 * @param key the broker's key and certificates
 * @param trust what clients' certificates are checked with
 * @param clientAuth {@code none}, {@code requested} or {@code required}
 */
public record TlsSettings(
        String listener,
        Store key,
        Store trust,
        String clientAuth,
        List<String> protocols,
        List<String> ciphers) {
    /**
     * Keys or certificates.
     *
     * @param type JKS, PKCS12 or PEM
     * @param location a file; empty where PEM texts are given
     * @param certificates PEM text
     * @param privateKey PEM text
     */
    public record Store(
            String type,
            String location,
            String password,
            String keyPassword,
            String certificates,
            String privateKey) {
        boolean isPem() {
            return type.equals("PEM") || !certificates.isEmpty();
        }

        boolean isEmpty() {
            return location.isEmpty() && certificates.isEmpty();
        }

        @Override
        public String toString() {
            return type + " " + location;
        }
    }

    /** Reads the settings of one listener. */
    public static TlsSettings of(BrokerConfig config, String listener) {
        return new TlsSettings(
                listener,
                new Store(
                        config.get(SecurityKeys.KEYSTORE_TYPE, listener),
                        config.get(SecurityKeys.KEYSTORE_LOCATION, listener),
                        config.get(SecurityKeys.KEYSTORE_PASSWORD, listener),
                        config.get(SecurityKeys.KEY_PASSWORD, listener),
                        config.get(SecurityKeys.KEYSTORE_CERTIFICATE_CHAIN, listener),
                        config.get(SecurityKeys.KEYSTORE_KEY, listener)),
                new Store(
                        config.get(SecurityKeys.TRUSTSTORE_TYPE, listener),
                        config.get(SecurityKeys.TRUSTSTORE_LOCATION, listener),
                        config.get(SecurityKeys.TRUSTSTORE_PASSWORD, listener),
                        "",
                        config.get(SecurityKeys.TRUSTSTORE_CERTIFICATES, listener),
                        ""),
                config.get(SecurityKeys.CLIENT_AUTH, listener),
                config.get(SecurityKeys.ENABLED_PROTOCOLS, listener),
                config.get(SecurityKeys.CIPHER_SUITES, listener));
    }

    @Override
    public String toString() {
        return "TLS of listener " + listener;
    }
}
