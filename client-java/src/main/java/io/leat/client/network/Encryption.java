package io.leat.client.network;

import io.leat.client.network.TransportException.Reason;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS 1.3 or 1.2, with whom to trust and what to show. */
public final class Encryption {
    private static final String PEM_MARK = "-----BEGIN ";

    private final SslContext context;

    private Encryption(SslContext context) {
        this.context = context;
    }

    /**
     * Where the certificates are, each PEM, PKCS #12 or JKS.
     *
     * @param trust of brokers, or of who signed them; without, those that the JDK trusts
     * @param trustPassword of the store
     * @param identity the client's own
     * @param identityKey its key, if that stands elsewhere, as PEM
     * @param identityPassword of the store or the key
     */
    public record Files(
            Optional<Path> trust,
            Optional<String> trustPassword,
            Optional<Path> identity,
            Optional<Path> identityKey,
            Optional<String> identityPassword) {
        @Override
        public String toString() {
            return "Files[trust=" + trust + ", identity=" + identity + "]";
        }
    }

    /**
     * Reads the files.
     *
     * @throws TransportException when one cannot be used; the message names it
     */
    public static Encryption read(Files files, boolean checkHostName) {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .protocols("TLSv1.3", "TLSv1.2")
                        .endpointIdentificationAlgorithm(checkHostName ? "HTTPS" : "");
        files.trust().ifPresent(file -> trust(builder, file, files.trustPassword()));
        files.identity().ifPresent(file -> identify(builder, file, files));
        try {
            return new Encryption(builder.build());
        } catch (IOException e) {
            throw new TransportException(
                    Reason.NOT_AUTHENTICATED, "TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    SslHandler handler(ByteBufAllocator allocator, HostPort address) {
        return context.newHandler(allocator, address.host(), address.port());
    }

    private static void trust(SslContextBuilder builder, Path file, Optional<String> password) {
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

    private static void identify(SslContextBuilder builder, Path file, Files files) {
        String password = files.identityPassword().orElse(null);
        try {
            if (isPem(file)) {
                Path key = files.identityKey().orElse(file);
                builder.keyManager(file.toFile(), key.toFile(), password);
                return;
            }
            KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(
                    store(file, files.identityPassword()),
                    password == null ? new char[0] : password.toCharArray());
            builder.keyManager(factory);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unusable("the client's certificate", file, e);
        }
    }

    private static KeyStore store(Path file, Optional<String> password)
            throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(file.toFile(), password.map(String::toCharArray).orElse(null));
    }

    private static boolean isPem(Path file) throws IOException {
        return new String(java.nio.file.Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .contains(PEM_MARK);
    }

    private static TransportException unusable(String what, Path file, Exception e) {
        String why =
                e instanceof NoSuchFileException
                        ? "there is no such file"
                        : String.valueOf(e.getMessage());
        return new TransportException(
                Reason.NOT_AUTHENTICATED, what + " cannot be read from " + file + ": " + why, e);
    }
}
