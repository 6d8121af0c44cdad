package io.leat.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.leat.tests.harness.Certificate;
import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.FreePort;
import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.NeedsProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients of other languages over TLS, with a SCRAM password and ACLs: they do what they may, and
 * are told in Kafka's words what they may not. Alice may read and write topics named {@code
 * orders-...}, in groups named {@code alice-...}.
 */
class SecuredClientsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String RIGHT = "alice-password";
    private static final String WRONG = "bob-password";

    private static Path folder;
    private static Certificate certificate;
    private static LeatBroker broker;

    @BeforeAll
    static void start() throws Exception {
        folder = Folders.createTemporary("secured-");
        certificate = Certificate.make(folder);
        Map<String, String> settings = new HashMap<>(certificate.settings());
        settings.put("listeners", "SASL_SSL://127.0.0.1:" + FreePort.next());
        settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-256,SCRAM-SHA-512");
        settings.put("super.users", "User:admin");
        settings.put("leat.bootstrap.users", "admin:admin-password;alice:" + RIGHT);
        settings.put("connection.failed.authentication.delay.ms", "0");
        settings.put("auto.create.topics.enable", "false");
        broker = new LeatBroker(settings);
        broker.start();
        try (Admin admin = Admin.create(administrator())) {
            admin.createAcls(
                            List.of(
                                    allow(ResourceType.TOPIC, "orders-", AclOperation.READ),
                                    allow(ResourceType.TOPIC, "orders-", AclOperation.WRITE),
                                    allow(ResourceType.GROUP, "alice-", AclOperation.READ)))
                    .all()
                    .get();
            admin.createTopics(
                            List.of(
                                    new NewTopic("orders-kcat", 1, (short) 1),
                                    new NewTopic("orders-kafkajs", 1, (short) 1),
                                    new NewTopic("secret", 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
        Folders.delete(folder);
    }

    private static Map<String, Object> administrator() {
        return Map.of(
                "bootstrap.servers",
                broker.bootstrap(),
                "security.protocol",
                "SASL_SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                certificate.pem().toString(),
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required"
                        + " username=\"admin\" password=\"admin-password\";");
    }

    private static AclBinding allow(ResourceType type, String prefix, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, prefix, PatternType.PREFIXED),
                new AccessControlEntry("User:alice", "*", operation, AclPermissionType.ALLOW));
    }

    /** kcat, and with it librdkafka. */
    @Nested
    @NeedsProgram("kcat")
    class Kcat {
        @ParameterizedTest
        @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-512"})
        void doesWhatItMay(String mechanism) throws IOException {
            Path lines = Files.writeString(folder.resolve("lines"), mechanism + "\n");
            run(mechanism, RIGHT, "-P", "-t", "orders-kcat", "-l", lines.toString())
                    .awaitSuccess(LIMIT);
            try (var reader =
                    run(
                            mechanism,
                            RIGHT,
                            "-G",
                            "alice-" + mechanism,
                            "-X",
                            "auto.offset.reset=earliest",
                            "-e",
                            "-q",
                            "orders-kcat")) {
                reader.awaitSuccess(LIMIT);
                assertEquals(mechanism, reader.lines().getLast());
            }
        }

        @Test
        void isToldWhatItMayNot() throws IOException {
            Path lines = Files.writeString(folder.resolve("denied"), "one\n");
            refused(
                    "Broker: Topic authorization failed",
                    run("SCRAM-SHA-256", RIGHT, "-P", "-t", "secret", "-l", lines.toString()));
            refused(
                    "Broker: Topic authorization failed",
                    run("SCRAM-SHA-256", RIGHT, "-C", "-t", "secret", "-e"));
            refused(
                    "FindCoordinator response error: Not authorized for the group",
                    run("SCRAM-SHA-256", RIGHT, "-G", "others", "-e", "orders-kcat"));
        }

        @Test
        void isNotLetInWithAWrongPassword() throws IOException {
            refused("Authentication failed", run("SCRAM-SHA-512", WRONG, "-L", "-m", "2"));
        }

        private static ChildProcess run(String mechanism, String password, String... arguments)
                throws IOException {
            Path settings = Files.createTempFile(folder, "kcat", ".conf");
            Files.write(
                    settings,
                    List.of(
                            "bootstrap.servers=" + broker.bootstrap(),
                            "security.protocol=SASL_SSL",
                            "ssl.ca.location=" + certificate.pem(),
                            "sasl.mechanisms=" + mechanism,
                            "sasl.username=alice",
                            "sasl.password=" + password));
            List<String> command = new ArrayList<>(List.of("kcat", "-F", settings.toString()));
            command.addAll(List.of(arguments));
            return ChildProcess.start("kcat", folder, command);
        }

        private static void refused(String why, ChildProcess started) {
            try (ChildProcess kcat = started) {
                kcat.awaitLine(why, LIMIT, line -> line.contains(why));
                assertNotEquals(0, kcat.awaitExit(LIMIT), kcat::describe);
            }
        }
    }

    /** kafkajs, a client written from the protocol's description alone. */
    @Nested
    @NeedsProgram({"node", "npm"})
    class KafkaJs {
        @ParameterizedTest
        @ValueSource(strings = {"scram-sha-256"})
        void doesWhatItMayAndIsToldWhatItMayNot(String mechanism) throws IOException {
            List<String> command =
                    List.of(
                            "node",
                            "secured.js",
                            broker.bootstrap(),
                            certificate.pem().toString(),
                            mechanism);
            Map<String, String> passwords = Map.of("PASSWORD", RIGHT, "WRONG", WRONG);
            try (var client =
                    ChildProcess.start("kafkajs", NodePackages.install(), command, passwords)) {
                client.awaitSuccess(LIMIT);
                assertEquals(
                        List.of(
                                "produce: at 0",
                                "consume: one",
                                "produce to a topic of others: TOPIC_AUTHORIZATION_FAILED",
                                "consume from a topic of others: TOPIC_AUTHORIZATION_FAILED",
                                // kafkajs passes over whatever a broker says of a coordinator.
                                "consume in a group of others: KafkaJSGroupCoordinatorNotFound:"
                                        + " Failed to find group coordinator",
                                "wrong password: KafkaJSSASLAuthenticationError: SASL SCRAM SHA256"
                                    + " authentication failed: Authentication failed: the user or"
                                    + " the password is not right, or SCRAM-SHA-256 is not set up"
                                    + " for the user"),
                        client.lines());
            }
        }
    }
}
