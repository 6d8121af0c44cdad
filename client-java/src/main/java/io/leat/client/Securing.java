package io.leat.client;

import io.leat.client.network.SaslConversation;
import io.leat.client.network.Security;
import io.leat.wire.sasl.ScramMechanism;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** Makes of options what connections need. */
final class Securing {
    private static final String PEM_MARK = "-----BEGIN ";

    private Securing() {}

    /**
     * Reads the files that the options name.
     *
     * @throws AuthenticationException when one cannot be used; the message names it
     */
    static Security of(ConnectionOptions options) {
        return new Security(
                options.tls().map(Securing::context), options.sasl().map(Securing::conversations));
    }

    private static Supplier<SaslConversation> conversations(SaslOptions options) {
        if (options instanceof SaslOptions.Plain plain) {
            return () -> OneWordConversation.plain(plain.user(), plain.password().value());
        }
        if (options instanceof SaslOptions.Scram scram) {
            ScramMechanism mechanism =
                    switch (scram.hash()) {
                        case SHA_256 -> ScramMechanism.SCRAM_SHA_256;
                        case SHA_512 -> ScramMechanism.SCRAM_SHA_512;
                    };
            return () -> new ScramConversation(mechanism, scram.user(), scram.password().value());
        }
        SaslOptions.OAuthBearer bearer = (SaslOptions.OAuthBearer) options;
        return () -> OneWordConversation.oauthBearer(bearer.token().get().value());
    }

    private static SslContext context(TlsOptions options) {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .protocols("TLSv1.3", "TLSv1.2")
                        .endpointIdentificationAlgorithm(options.checkHostName() ? "HTTPS" : "");
        options.trust().ifPresent(file -> trust(builder, file, options.trustPassword()));
        options.identity().ifPresent(file -> identify(builder, file, options));
        try {
            return builder.build();
        } catch (IOException e) {
            throw new AuthenticationException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static void trust(SslContextBuilder builder, Path file, Optional<Secret> password) {
        try {
            if (isPem(file)) {
                builder.trustManager(file.toFile());
                return;
            }
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store(file, password));
            builder.trustManager(factory);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unusable("the certificates to trust", file, e);
        }
    }

    private static void identify(SslContextBuilder builder, Path file, TlsOptions options) {
        String password = options.identityPassword().map(Secret::value).orElse(null);
        try {
            if (isPem(file)) {
                Path key = options.identityKey().orElse(file);
                builder.keyManager(file.toFile(), key.toFile(), password);
                return;
            }
            KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(
                    store(file, options.identityPassword()),
                    password == null ? new char[0] : password.toCharArray());
            builder.keyManager(factory);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unusable("the client's certificate", file, e);
        }
    }

    private static KeyStore store(Path file, Optional<Secret> password)
            throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(
                file.toFile(), password.map(each -> each.value().toCharArray()).orElse(null));
    }

    private static boolean isPem(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(PEM_MARK);
    }

    private static AuthenticationException unusable(String what, Path file, Exception e) {
        String why =
                e instanceof java.nio.file.NoSuchFileException
                        ? "there is no such file"
                        : String.valueOf(e.getMessage());
        return new AuthenticationException(what + " cannot be read from " + file + ": " + why, e);
    }
}
