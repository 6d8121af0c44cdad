package io.leat.tests.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A self-signed certificate for 127.0.0.1, made by the JDK's keytool.
 *
 * @param store a PKCS #12 store with the key
 * @param pem the certificate alone, for those who shall trust it
 */
public record Certificate(Path store, Path pem) {
    private static final String PASSWORD = "store-password";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Makes one with its files in {@code folder}. */
    public static Certificate make(Path folder) {
        Certificate made =
                new Certificate(folder.resolve("broker.p12"), folder.resolve("broker.pem"));
        made.keytool(
                folder,
                List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=broker", "-validity", "2"),
                List.of("-ext", "SAN=ip:127.0.0.1"));
        made.keytool(folder, List.of("-exportcert", "-rfc"), List.of("-file", made.pem.toString()));
        return made;
    }

    /** What a broker's configuration says of it. */
    public Map<String, String> settings() {
        return Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                store.toString(),
                "ssl.keystore.password",
                PASSWORD);
    }

    private void keytool(Path folder, List<String> what, List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(what);
        command.addAll(List.of("-alias", "key", "-keystore", store.toString()));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(more);
        try (var keytool = ChildProcess.start("keytool", folder, command)) {
            keytool.awaitSuccess(LIMIT);
        }
    }
}
