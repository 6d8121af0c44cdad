package io.leat.broker.network;

import io.leat.broker.config.ConfigException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of one listener. Netty's OpenSSL binding does the work where its library is on the class
 * path (netty-tcnative), otherwise the JDK. New certificates are taken up when their files change;
 * connections that are open keep theirs.
 *
 * <p>Any thread.
 */
public final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private final TlsSettings settings;
    private volatile SslContext context;
    private volatile List<Stamp> stamps;

    /** What tells that a file has changed. */
    private record Stamp(String file, long modifiedMillis, long sizeBytes, String identity) {
        static Stamp of(String file) {
            try {
                BasicFileAttributes attributes =
                        Files.readAttributes(Path.of(file), BasicFileAttributes.class);
                return new Stamp(
                        file,
                        attributes.lastModifiedTime().toMillis(),
                        attributes.size(),
                        String.valueOf(attributes.fileKey()));
            } catch (IOException e) {
                return new Stamp(file, -1, -1, "");
            }
        }
    }

    /**
     * Reads key and certificates.
     *
     * @throws ConfigException when they cannot be used
     */
    public Tls(TlsSettings settings) {
        this.settings = settings;
        if (settings.key().isEmpty()) {
            throw new ConfigException(
                    ("Listener %s needs a key and a certificate; set ssl.keystore.location, or"
                         + " ssl.keystore.type=PEM with ssl.keystore.certificate.chain and "
                         + "ssl.keystore.key")
                            .formatted(settings.listener()));
        }
        this.stamps = stamps();
        try {
            this.context = load();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ConfigException(flaw(e));
        }
    }

    private String flaw(Exception e) {
        return "Key or certificates of listener %s cannot be used (%s; %s): %s"
                .formatted(settings.listener(), settings.key(), settings.trust(), reason(e));
    }

    /** Why something failed, in one line for people. */
    static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null || message.isEmpty() ? root.getClass().getSimpleName() : message;
    }

    /** A handler for a new connection. */
    SslHandler handler(ByteBufAllocator allocator, long handshakeMillisMax) {
        SslHandler handler = context.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(handshakeMillisMax);
        return handler;
    }

    /** Takes up what has changed; what cannot be used is reported once, and the old goes on. */
    synchronized void refresh() {
        List<Stamp> now = stamps();
        if (now.equals(stamps)) {
            return;
        }
        stamps = now;
        try {
            context = load();
            LOG.info("Took up the new certificates of listener {}", settings.listener());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.error("{}; the old ones go on", flaw(e));
        }
    }

    private List<Stamp> stamps() {
        return Stream.of(settings.key().location(), settings.trust().location())
                .filter(file -> !file.isEmpty())
                .map(Stamp::of)
                .toList();
    }

    private SslContext load() throws IOException, GeneralSecurityException {
        SslContextBuilder builder = keyed();
        trusting(builder);
        builder.clientAuth(
                switch (settings.clientAuth()) {
                    case "required" -> ClientAuth.REQUIRE;
                    case "requested" -> ClientAuth.OPTIONAL;
                    default -> ClientAuth.NONE;
                });
        builder.protocols(settings.protocols());
        if (!settings.ciphers().isEmpty()) {
            builder.ciphers(settings.ciphers());
        }
        return builder.sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .build();
    }

    private SslContextBuilder keyed() throws IOException, GeneralSecurityException {
        TlsSettings.Store key = settings.key();
        if (key.isPem()) {
            String password = key.keyPassword().isEmpty() ? key.password() : key.keyPassword();
            byte[] chain = pem(key, key.certificates());
            byte[] secret = pem(key, key.privateKey());
            return SslContextBuilder.forServer(
                    new ByteArrayInputStream(chain),
                    new ByteArrayInputStream(secret),
                    password.isEmpty() ? null : password);
        }
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        String password = key.keyPassword().isEmpty() ? key.password() : key.keyPassword();
        keys.init(store(key), password.toCharArray());
        return SslContextBuilder.forServer(keys);
    }

    private void trusting(SslContextBuilder builder) throws IOException, GeneralSecurityException {
        TlsSettings.Store trust = settings.trust();
        if (trust.isEmpty()) {
            return;
        }
        if (trust.isPem()) {
            builder.trustManager(new ByteArrayInputStream(pem(trust, trust.certificates())));
            return;
        }
        TrustManagerFactory certificates =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        certificates.init(store(trust));
        builder.trustManager(certificates);
    }

    /** The text that is given, or the file's. */
    private static byte[] pem(TlsSettings.Store store, String text) throws IOException {
        return text.isEmpty()
                ? Files.readAllBytes(Path.of(store.location()))
                : text.getBytes(StandardCharsets.US_ASCII);
    }

    private static KeyStore store(TlsSettings.Store store)
            throws IOException, GeneralSecurityException {
        KeyStore loaded = KeyStore.getInstance(store.type());
        try (InputStream in = Files.newInputStream(Path.of(store.location()))) {
            loaded.load(in, store.password().isEmpty() ? null : store.password().toCharArray());
        }
        return loaded;
    }
}
