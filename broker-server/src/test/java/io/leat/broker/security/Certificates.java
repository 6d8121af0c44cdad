package io.leat.broker.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Self-signed certificates, made by the JDK's keytool. */
public final class Certificates {
    public static final String PASSWORD = "store-password";

    private Certificates() {}

    /** A PKCS #12 store with a key and a certificate. */
    public static Path store(Path folder, String name, String dname, String alternatives) {
        Path store = folder.resolve(name + ".p12");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "key",
                                "-keyalg",
                                "EC",
                                "-dname",
                                dname,
                                "-validity",
                                "2",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                PASSWORD,
                                "-keystore",
                                store.toString()));
        if (!alternatives.isEmpty()) {
            command.addAll(List.of("-ext", "SAN=" + alternatives));
        }
        try {
            Files.deleteIfExists(store);
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(
                            process.getInputStream().readAllBytes(),
                            java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("keytool failed: " + output);
            }
            return store;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The store's certificate as PEM. */
    public static String certificatePem(Path store) {
        try {
            Certificate certificate = load(store).getCertificate("key");
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The store's key as PEM. */
    public static String keyPem(Path store) {
        try {
            Key key = load(store).getKey("key", PASSWORD.toCharArray());
            return pem("PRIVATE KEY", key.getEncoded());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A client's settings that trust a store's certificate. */
    public static Map<String, String> trusting(Path store) {
        return Map.of(
                "ssl.truststore.type", "PEM", "ssl.truststore.certificates", certificatePem(store));
    }

    private static KeyStore load(Path store) throws Exception {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        return loaded;
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        type,
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes),
                        type);
    }
}
