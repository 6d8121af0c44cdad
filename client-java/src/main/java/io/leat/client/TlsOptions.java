package io.leat.client;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a client encrypts its connections and whom it trusts: TLS 1.3 or 1.2. Files are PEM, PKCS #12
 * or JKS, told apart by what is in them; they are read when a client connects for the first time.
 *
 * @param trust certificates of brokers, or of who signed them; without, those that the JDK trusts
 * @param trustPassword of a store
 * @param identity the client's certificate chain: a PEM file, or a store with certificate and key
 * @param identityKey the PEM file of its private key, if that is not in {@code identity}
 * @param identityPassword of the store or of the key
 * @param checkHostName whether a broker's certificate must name the host that was connected to
 */
public record TlsOptions(
        Optional<Path> trust,
        Optional<Secret> trustPassword,
        Optional<Path> identity,
        Optional<Path> identityKey,
        Optional<Secret> identityPassword,
        boolean checkHostName) {

    public TlsOptions {
        Objects.requireNonNull(trust, "trust");
        Objects.requireNonNull(trustPassword, "trustPassword");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(identityKey, "identityKey");
        Objects.requireNonNull(identityPassword, "identityPassword");
    }

    /** Trusts whom the JDK trusts. */
    public static TlsOptions ofSystem() {
        return new TlsOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true);
    }

    /** Trusts the certificates in a file; a store without a password, or PEM. */
    public static TlsOptions trusting(Path file) {
        return ofSystem().withTrust(file, Optional.empty());
    }

    /** Trusts the certificates in a store. */
    public static TlsOptions trusting(Path store, Secret password) {
        return ofSystem().withTrust(store, Optional.of(password));
    }

    /** The same, with a certificate of its own from a store. */
    public TlsOptions withIdentity(Path store, Secret password) {
        return new TlsOptions(
                trust,
                trustPassword,
                Optional.of(store),
                Optional.empty(),
                Optional.of(password),
                checkHostName);
    }

    /** The same, with a certificate of its own and its key, as PEM. */
    public TlsOptions withIdentity(Path certificates, Path key, Optional<Secret> keyPassword) {
        return new TlsOptions(
                trust,
                trustPassword,
                Optional.of(certificates),
                Optional.of(key),
                keyPassword,
                checkHostName);
    }

    /** The same, content with any name in the certificate: anybody whom it trusts may answer. */
    public TlsOptions withoutHostNameCheck() {
        return new TlsOptions(trust, trustPassword, identity, identityKey, identityPassword, false);
    }

    private TlsOptions withTrust(Path file, Optional<Secret> password) {
        return new TlsOptions(
                Optional.of(file),
                password,
                identity,
                identityKey,
                identityPassword,
                checkHostName);
    }
}
