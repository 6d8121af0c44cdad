package io.leat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.ConnectionOptions;
import io.leat.client.Producer;
import io.leat.client.ProducerOptions;
import io.leat.client.SaslOptions;
import io.leat.client.Secret;
import io.leat.client.TlsOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands and the client SDK against a broker that wants TLS and a password. */
@Timeout(120)
final class SecuredBrokerTest {
    private static final String STORE_PASSWORD = "store-password";
    @TempDir private static Path folder;
    private static Path store;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        store = folder.resolve("broker.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                "CN=broker",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-validity",
                "2");
        server =
                new RunningServer(
                        folder.resolve("data"),
                        Map.of(
                                "listeners", "SASL_SSL://127.0.0.1:0",
                                "ssl.keystore.type", "PKCS12",
                                "ssl.keystore.location", store.toString(),
                                "ssl.keystore.password", STORE_PASSWORD,
                                "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
                                "connections.max.reauth.ms", "1000",
                                "connection.failed.authentication.delay.ms", "0",
                                "super.users", "User:alice",
                                "leat.bootstrap.users", "alice:alice-secret"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/keytool")
                                        .toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", STORE_PASSWORD));
        Process keytool =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, keytool.exitValue(), Files.readString(folder.resolve("keytool.log")));
    }

    private static Path file(String mechanism, String password, String... more) throws IOException {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "security.protocol=SASL_SSL",
                                "sasl.mechanism=" + mechanism,
                                "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule"
                                    + " required username=\"alice\" password=\""
                                        + password
                                        + "\";",
                                "acks=all"));
        lines.addAll(List.of(more));
        Path file = Files.createTempFile(folder, "client", ".properties");
        return Files.write(file, lines);
    }

    private static String[] trust() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), STORE_PASSWORD + "\n");
        return new String[] {
            "ssl.truststore.location=" + store, "ssl.truststore.password=${file:" + password + "}"
        };
    }

    private static CommandRun leat(Path file, String in, String... args) {
        return CommandRun.withInput(
                in,
                Stream.concat(
                                Stream.of(args),
                                Stream.of(
                                        "--bootstrap",
                                        server.bootstrap(),
                                        "--command-config",
                                        file.toString()))
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void commandsWork(String mechanism) throws IOException {
        Path file = file(mechanism, "alice-secret", trust());
        String topic = "of-" + mechanism;
        assertEquals(
                List.of("Created " + topic), leat(file, "", "topics", "create", topic).lines());
        assertEquals(1, leat(file, "one\ntwo\n", "produce", topic).lines().size());
        assertEquals(
                List.of("one", "two"),
                leat(file, "", "consume", topic, "--group", "of-all", "-a", "--max", "2").lines());
    }

    @Test
    void aclsAreMadeListedAndDeleted() throws IOException {
        Path file = file("SCRAM-SHA-256", "alice-secret", trust());
        assertEquals(
                List.of("Made 4 ACLs"),
                leat(
                                file,
                                "",
                                "acls",
                                "create",
                                "--principal",
                                "User:bob,User:carl",
                                "--operation",
                                "read,describe-configs",
                                "--topic",
                                "app.",
                                "--prefixed")
                        .lines());
        assertEquals(
                List.of("Made 1 ACL"),
                leat(
                                file,
                                "",
                                "acls",
                                "create",
                                "--deny",
                                "--principal",
                                "User:bob",
                                "--operation",
                                "ALL",
                                "--cluster",
                                "--host",
                                "192.0.2.7")
                        .lines());
        assertEquals(
                List.of(
                        "User:bob\tallow\tdescribe-configs\ttopic\tapp.\tprefixed\t*",
                        "User:bob\tallow\tread\ttopic\tapp.\tprefixed\t*",
                        "User:bob\tdeny\tall\tcluster\tkafka-cluster\tliteral\t192.0.2.7"),
                leat(file, "", "acls", "list", "--principal", "User:bob").lines().stream()
                        .sorted()
                        .toList());
        assertEquals(
                2,
                leat(
                                file,
                                "",
                                "acls",
                                "list",
                                "--topic",
                                "app.",
                                "--prefixed",
                                "--principal",
                                "User:carl")
                        .lines()
                        .size());
        assertEquals(List.of(), leat(file, "", "acls", "list", "--topic", "app.").lines());
        assertEquals(
                List.of("Deleted 3 ACLs"),
                leat(file, "", "acls", "delete", "--principal", "User:bob", "--yes").lines());
        assertEquals(
                List.of("Deleted 2 ACLs"),
                leat(file, "", "acls", "delete", "--principal", "User:carl", "--yes").lines());
        assertEquals(List.of(), leat(file, "", "acls", "list").lines());
        assertTrue(leat(file, "", "acls", "delete", "--yes").wrongUsage().contains("say which"));
        assertTrue(
                leat(
                                file,
                                "",
                                "acls",
                                "create",
                                "--principal",
                                "bob",
                                "--operation",
                                "read",
                                "--topic",
                                "t")
                        .wrongUsage()
                        .contains("User:alice"));
    }

    @Test
    void sayWhatIsWrong() throws IOException {
        String denied =
                leat(file("SCRAM-SHA-256", "wrong", trust()), "", "topics", "list").failure();
        assertTrue(denied.contains("refused the client"), denied);
        assertTrue(!denied.contains("wrong\""), denied);
        String untrusted = leat(file("PLAIN", "alice-secret"), "", "topics", "list").failure();
        assertTrue(untrusted.contains("TLS with " + server.bootstrap() + " failed"), untrusted);
        String unknown = leat(file("GSSAPI", "x", trust()), "", "topics", "list").failure();
        assertTrue(unknown.contains("sasl.mechanism is one of PLAIN"), unknown);
        String mistyped =
                leat(file("PLAIN", "x", "ssl.trustore.location=x"), "", "topics", "list").failure();
        assertTrue(mistyped.contains("did you mean ssl.truststore.location?"), mistyped);
        String missing =
                leat(file("PLAIN", "x", "ssl.truststore.location=gone.p12"), "", "topics", "list")
                        .failure();
        assertTrue(missing.contains("gone.p12, which cannot be read"), missing);
        Path open = Files.writeString(folder.resolve("open"), "security.protocol=PLAINTEXT");
        String plain = leat(open, "", "topics", "list").failure();
        assertTrue(plain.contains("check whether it wants TLS or SASL"), plain);
    }

    /** Each connection asks once what the broker speaks, and says at least once who it is. */
    @Test
    void saysAgainWhoItIsBeforeTheBrokerForgets() throws Exception {
        ConnectionOptions connection =
                ConnectionOptions.builder(server.bootstrap())
                        .tls(TlsOptions.trusting(store, new Secret(STORE_PASSWORD)))
                        .sasl(SaslOptions.scramSha256("alice", "alice-secret"))
                        .build();
        double before = requests("SaslHandshake") - requests("ApiVersions");
        ProducerOptions options = ProducerOptions.builder(connection).build();
        try (Producer<byte[], byte[]> producer = Producer.connect(options)) {
            for (int sent = 0;
                    requests("SaslHandshake") - requests("ApiVersions") < before + 3;
                    sent++) {
                producer.send("kept", new byte[] {(byte) sent}).get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static double requests(String api) throws Exception {
        URI uri = URI.create("http://" + server.http() + "/metrics");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line ->
                            line.startsWith("leat_request_duration_seconds_count{")
                                    && line.contains('"' + api + '"'))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
    }
}
