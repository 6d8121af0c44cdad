package io.leat.broker.security;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.embedded.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnacceptableCredentialException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Official clients against listeners that ask who they are, and ACLs. */
class SecureClientsTest {
    @TempDir static Path folder;
    static Path broker;
    static Path client;

    @BeforeAll
    static void makeCertificates() {
        broker = Certificates.store(folder, "broker", "CN=broker", "dns:localhost,ip:127.0.0.1");
        client = Certificates.store(folder, "client", "CN=App-One,OU=Apps,O=Leat", "");
    }

    // ---- brokers and clients

    private static EmbeddedBroker secure(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(
                        Map.of(
                                "listeners",
                                "SASL_SSL://127.0.0.1:0",
                                "ssl.keystore.type",
                                "PKCS12",
                                "ssl.keystore.location",
                                broker.toString(),
                                "ssl.keystore.password",
                                Certificates.PASSWORD,
                                "sasl.enabled.mechanisms",
                                "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
                                "super.users",
                                "User:admin",
                                "leat.bootstrap.users",
                                "admin:admin-secret;alice:alice-secret",
                                "connection.failed.authentication.delay.ms",
                                "0"));
        settings.putAll(more);
        return EmbeddedBroker.start(settings);
    }

    private static Map<String, String> as(String mechanism, String user, String password) {
        Map<String, String> settings = new HashMap<>(Certificates.trusting(broker));
        String module = mechanism.equals("PLAIN") ? "plain.Plain" : "scram.Scram";
        settings.putAll(
                Map.of(
                        "security.protocol",
                        "SASL_SSL",
                        "sasl.mechanism",
                        mechanism,
                        "sasl.jaas.config",
                        ("org.apache.kafka.common.security.%sLoginModule required "
                                        + "username=\"%s\" password=\"%s\";")
                                .formatted(module, user, password),
                        "request.timeout.ms",
                        "15000",
                        "default.api.timeout.ms",
                        "20000",
                        "max.block.ms",
                        "20000"));
        return settings;
    }

    private static Map<String, String> admin() {
        return as("SCRAM-SHA-256", "admin", "admin-secret");
    }

    private static Map<String, String> alice() {
        return as("SCRAM-SHA-512", "alice", "alice-secret");
    }

    private static Admin open(EmbeddedBroker on, Map<String, String> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", on.bootstrap());
        all.put("enable.metrics.push", "false");
        return Admin.create(all);
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic)
            throws Exception {
        producer.send(new ProducerRecord<>(topic, new byte[] {1})).get(20, TimeUnit.SECONDS);
    }

    private static <T extends Throwable> T fails(Class<T> type, Call call) {
        Throwable thrown = assertThrows(Throwable.class, call::run);
        while (!type.isInstance(thrown) && thrown.getCause() != null) {
            thrown = thrown.getCause();
        }
        return assertInstanceOf(type, thrown);
    }

    private interface Call {
        void run() throws Exception;
    }

    private static AclBinding acl(
            ResourceType type,
            String name,
            PatternType pattern,
            String principal,
            AclOperation operation,
            AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(principal, "*", operation, permission));
    }

    private static AclBinding allow(ResourceType type, String name, AclOperation operation) {
        return acl(
                type, name, PatternType.LITERAL, "User:alice", operation, AclPermissionType.ALLOW);
    }

    // ---- SASL

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void whoKnowsThePasswordIsLetInAndNobodyElse(String mechanism) throws Exception {
        try (EmbeddedBroker on = secure(Map.of())) {
            try (Admin right = open(on, as(mechanism, "admin", "admin-secret"))) {
                assertEquals(1, right.describeCluster().nodes().get().size());
            }
            List<String> told = new ArrayList<>();
            for (List<String> wrong :
                    List.of(List.of("admin", "alice-secret"), List.of("nobody", "admin-secret"))) {
                try (Admin admin = open(on, as(mechanism, wrong.get(0), wrong.get(1)))) {
                    told.add(
                            fails(
                                            SaslAuthenticationException.class,
                                            () -> admin.describeCluster().nodes().get())
                                    .getMessage());
                }
            }
            assertEquals(told.get(0), told.get(1), "who is there must not be told");
        }
    }

    @Test
    void aMechanismThatIsNotOnOfferIsRefused() {
        try (EmbeddedBroker on = secure(Map.of("sasl.enabled.mechanisms", "SCRAM-SHA-512"));
                Admin admin = open(on, as("PLAIN", "admin", "admin-secret"))) {
            fails(
                    UnsupportedSaslMechanismException.class,
                    () -> admin.describeCluster().nodes().get());
        }
    }

    @Test
    void usersAreMadeShownAndRemoved() throws Exception {
        try (EmbeddedBroker on = secure(Map.of());
                Admin admin = open(on, admin())) {
            admin.alterUserScramCredentials(
                            List.of(
                                    new UserScramCredentialUpsertion(
                                            "bob",
                                            new ScramCredentialInfo(
                                                    org.apache.kafka.clients.admin.ScramMechanism
                                                            .SCRAM_SHA_256,
                                                    8192),
                                            "bob-secret")))
                    .all()
                    .get();
            assertEquals(
                    Set.of("admin", "alice", "bob"),
                    Set.copyOf(admin.describeUserScramCredentials().users().get()));
            assertEquals(
                    8192,
                    admin.describeUserScramCredentials(List.of("bob"))
                            .description("bob")
                            .get()
                            .credentialInfos()
                            .getFirst()
                            .iterations());
            try (Admin bob = open(on, as("SCRAM-SHA-256", "bob", "bob-secret"))) {
                bob.describeCluster().nodes().get();
                fails(
                        ClusterAuthorizationException.class,
                        () -> bob.describeUserScramCredentials().all().get());
            }
            fails(
                    UnacceptableCredentialException.class,
                    () ->
                            admin.alterUserScramCredentials(
                                            List.of(
                                                    new UserScramCredentialUpsertion(
                                                            "weak",
                                                            new ScramCredentialInfo(
                                                                    org.apache.kafka.clients.admin
                                                                            .ScramMechanism
                                                                            .SCRAM_SHA_256,
                                                                    1000),
                                                            "x")))
                                    .all()
                                    .get());
            admin.alterUserScramCredentials(
                            List.of(
                                    new UserScramCredentialDeletion(
                                            "bob",
                                            org.apache.kafka.clients.admin.ScramMechanism
                                                    .SCRAM_SHA_256)))
                    .all()
                    .get();
            try (Admin bob = open(on, as("SCRAM-SHA-256", "bob", "bob-secret"))) {
                fails(SaslAuthenticationException.class, () -> bob.describeCluster().nodes().get());
            }
            on.restart();
            try (Admin again = open(on, alice())) {
                again.describeCluster().nodes().get(); // made at the first start, and kept
            }
        }
    }

    @Test
    void clientsProveThemselvesAnewWithoutLosingAnything() throws Exception {
        try (EmbeddedBroker on = secure(Map.of("connections.max.reauth.ms", "1000"))) {
            try (Admin admin = open(on, admin())) {
                admin.createTopics(List.of(new NewTopic("long", 1, (short) 1))).all().get();
            }
            try (KafkaProducer<byte[], byte[]> producer = on.producer(admin())) {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3500);
                int sent = 0;
                while (System.nanoTime() < end) {
                    send(producer, "long");
                    sent++;
                }
                double proofs =
                        producer.metrics().entrySet().stream()
                                .filter(metric ->
                                        metric.getKey()
                                                        .name()
                                                        .equals("successful-reauthentication-total")
                                                && metric.getKey()
                                                        .group()
                                                        .equals("producer-metrics"))
                                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                                .sum();
                assertTrue(sent > 0 && proofs >= 2, sent + " sent, proven anew " + proofs);
            }
        }
    }

    // ---- ACLs

    @Test
    void whoMayWhatIsForAclsToSay() throws Exception {
        try (EmbeddedBroker on = secure(Map.of());
                Admin admin = open(on, admin());
                Admin alice = open(on, alice());
                KafkaProducer<byte[], byte[]> producer =
                        on.producer(with(alice(), "enable.idempotence", "false"))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("orders", 1, (short) 1),
                                    new NewTopic("secret", 1, (short) 1)))
                    .all()
                    .get();
            assertEquals(Set.of(), alice.listTopics().names().get());
            fails(
                    TopicAuthorizationException.class,
                    () -> alice.describeTopics(List.of("orders")).allTopicNames().get());
            fails(
                    TopicAuthorizationException.class,
                    () ->
                            alice.createTopics(List.of(new NewTopic("mine", 1, (short) 1)))
                                    .all()
                                    .get());
            fails(
                    TopicAuthorizationException.class,
                    () -> alice.deleteTopics(List.of("orders")).all().get());
            fails(ClusterAuthorizationException.class, () -> grant(alice, "orders"));
            fails(TopicAuthorizationException.class, () -> send(producer, "orders"));

            grant(admin, "orders");
            send(producer, "orders");
            assertEquals(Set.of("orders"), alice.listTopics().names().get());
            assertEquals(
                    Set.of(AclOperation.WRITE, AclOperation.DESCRIBE),
                    alice.describeTopics(
                                    List.of("orders"),
                                    new org.apache.kafka.clients.admin.DescribeTopicsOptions()
                                            .includeAuthorizedOperations(true))
                            .allTopicNames()
                            .get()
                            .get("orders")
                            .authorizedOperations());
            assertEquals(
                    Set.of(),
                    alice.describeCluster(
                                    new DescribeClusterOptions().includeAuthorizedOperations(true))
                            .authorizedOperations()
                            .get());

            // A denial counts more than any allowance, and at once.
            admin.createAcls(
                            List.of(
                                    acl(
                                            ResourceType.TOPIC,
                                            "ord",
                                            PatternType.PREFIXED,
                                            "User:*",
                                            AclOperation.WRITE,
                                            AclPermissionType.DENY)))
                    .all()
                    .get();
            fails(TopicAuthorizationException.class, () -> send(producer, "orders"));
            send(on, admin(), "orders"); // super users are above that
            assertEquals(2, admin.describeAcls(AclBindingFilter.ANY).values().get().size());
            assertEquals(2, admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get().size());
            assertEquals(0, admin.describeAcls(AclBindingFilter.ANY).values().get().size());
        }
    }

    private static void send(EmbeddedBroker on, Map<String, String> who, String topic)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = on.producer(who)) {
            send(producer, topic);
        }
    }

    private static void grant(Admin by, String topic) throws Exception {
        by.createAcls(List.of(allow(ResourceType.TOPIC, topic, AclOperation.WRITE))).all().get();
    }

    private static Map<String, String> with(
            Map<String, String> settings, String key, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(key, value);
        return more;
    }

    @Test
    void aPatternTellsOfNoTopicThatOneMayNotKnowOf() throws Exception {
        try (EmbeddedBroker on = secure(Map.of());
                Admin admin = open(on, admin())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("logs-open", 1, (short) 1),
                                    new NewTopic("logs-secret", 1, (short) 1)))
                    .all()
                    .get();
            admin.createAcls(
                            List.of(
                                    allow(ResourceType.TOPIC, "logs-open", AclOperation.READ),
                                    allow(ResourceType.GROUP, "billing", AclOperation.READ)))
                    .all()
                    .get();
            send(on, admin(), "logs-open");
            Map<String, String> settings = with(alice(), "group.id", "billing");
            settings = with(settings, "group.protocol", "consumer");
            settings = with(settings, "auto.offset.reset", "earliest");
            try (KafkaConsumer<byte[], byte[]> consumer = on.consumer(settings)) {
                consumer.subscribe(new SubscriptionPattern("logs-.*"));
                assertEquals(1, poll(consumer).size());
                assertEquals(Set.of(new TopicPartition("logs-open", 0)), consumer.assignment());
            }
        }
    }

    @Test
    void readingNeedsTheTopicAndTheGroup() throws Exception {
        try (EmbeddedBroker on = secure(Map.of());
                Admin admin = open(on, admin())) {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1))).all().get();
            send(on, admin(), "orders");
            try (KafkaConsumer<byte[], byte[]> consumer =
                    on.consumer(with(alice(), "auto.offset.reset", "earliest"))) {
                admin.createAcls(
                                List.of(allow(ResourceType.TOPIC, "orders", AclOperation.DESCRIBE)))
                        .all()
                        .get();
                consumer.assign(List.of(new TopicPartition("orders", 0)));
                consumer.seek(new TopicPartition("orders", 0), 0);
                fails(
                        TopicAuthorizationException.class,
                        () -> consumer.poll(Duration.ofSeconds(20)));
                admin.createAcls(List.of(allow(ResourceType.TOPIC, "orders", AclOperation.READ)))
                        .all()
                        .get();
                assertEquals(1, poll(consumer).size());
                // An ACL that goes counts for fetch sessions that began before.
                admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
                fails(
                        TopicAuthorizationException.class,
                        () -> {
                            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                            while (System.nanoTime() < end) {
                                consumer.poll(Duration.ofMillis(200));
                            }
                        });
            }
            admin.createAcls(List.of(allow(ResourceType.TOPIC, "orders", AclOperation.READ)))
                    .all()
                    .get();
            Map<String, String> grouped =
                    with(with(alice(), "group.id", "billing"), "auto.offset.reset", "earliest");
            try (KafkaConsumer<byte[], byte[]> consumer = on.consumer(grouped)) {
                consumer.subscribe(List.of("orders"));
                fails(
                        GroupAuthorizationException.class,
                        () -> consumer.poll(Duration.ofSeconds(20)));
            }
            admin.createAcls(
                            List.of(
                                    acl(
                                            ResourceType.GROUP,
                                            "bill",
                                            PatternType.PREFIXED,
                                            "User:alice",
                                            AclOperation.READ,
                                            AclPermissionType.ALLOW)))
                    .all()
                    .get();
            try (KafkaConsumer<byte[], byte[]> consumer = on.consumer(grouped)) {
                consumer.subscribe(List.of("orders"));
                assertEquals(1, poll(consumer).size());
                consumer.commitSync();
            }
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> poll(
            KafkaConsumer<byte[], byte[]> consumer) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (records.isEmpty() && System.nanoTime() < end) {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }

    @Test
    void transactionsNeedTheirId() throws Exception {
        try (EmbeddedBroker on = secure(Map.of());
                Admin admin = open(on, admin())) {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1))).all().get();
            grant(admin, "orders");
            Map<String, String> transactional = with(alice(), "transactional.id", "pay-1");
            try (KafkaProducer<byte[], byte[]> producer = on.producer(transactional)) {
                fails(TransactionalIdAuthorizationException.class, producer::initTransactions);
            }
            admin.createAcls(
                            List.of(
                                    acl(
                                            ResourceType.TRANSACTIONAL_ID,
                                            "pay-",
                                            PatternType.PREFIXED,
                                            "User:alice",
                                            AclOperation.WRITE,
                                            AclPermissionType.ALLOW)))
                    .all()
                    .get();
            try (KafkaProducer<byte[], byte[]> producer = on.producer(transactional)) {
                producer.initTransactions();
                producer.beginTransaction();
                send(producer, "orders");
                producer.commitTransaction();
            }
        }
    }

    @Test
    void mistakesInAclsAreTold() throws Exception {
        try (EmbeddedBroker on = secure(Map.of());
                Admin admin = open(on, admin())) {
            fails(
                    InvalidRequestException.class,
                    () ->
                            admin.createAcls(
                                            List.of(
                                                    allow(
                                                            ResourceType.CLUSTER,
                                                            "elsewhere",
                                                            AclOperation.ALTER)))
                                    .all()
                                    .get());
            fails(
                    InvalidRequestException.class,
                    () ->
                            admin.createAcls(
                                            List.of(
                                                    acl(
                                                            ResourceType.TOPIC,
                                                            "t",
                                                            PatternType.LITERAL,
                                                            "alice",
                                                            AclOperation.READ,
                                                            AclPermissionType.ALLOW)))
                                    .all()
                                    .get());
        }
        try (EmbeddedBroker on = EmbeddedBroker.start(Map.of());
                Admin admin = on.admin()) {
            fails(
                    SecurityDisabledException.class,
                    () -> admin.describeAcls(AclBindingFilter.ANY).values().get());
        }
    }

    // ---- TLS

    @Test
    void aCertificateForAnotherHostIsNotTrustedAndNeitherIsAnUnknownOne() throws Exception {
        Path elsewhere = Certificates.store(folder, "elsewhere", "CN=x", "dns:elsewhere.example");
        try (EmbeddedBroker on = secure(Map.of("ssl.keystore.location", elsewhere.toString()))) {
            Map<String, String> settings = new HashMap<>(admin());
            settings.putAll(Certificates.trusting(elsewhere));
            try (Admin admin = open(on, settings)) {
                fails(
                        SslAuthenticationException.class,
                        () -> admin.describeCluster().nodes().get());
            }
            try (Admin admin = open(on, admin())) {
                fails(
                        SslAuthenticationException.class,
                        () -> admin.describeCluster().nodes().get());
            }
            settings.put("ssl.endpoint.identification.algorithm", "");
            try (Admin admin = open(on, settings)) {
                admin.describeCluster().nodes().get();
            }
        }
    }

    @Test
    void bothVersionsOfTlsAreSpokenUnlessOneIsSwitchedOff() throws Exception {
        try (EmbeddedBroker on = secure(Map.of())) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (Admin admin =
                        open(
                                on,
                                with(
                                        with(admin(), "ssl.enabled.protocols", version),
                                        "ssl.protocol",
                                        version))) {
                    admin.describeCluster().nodes().get();
                }
            }
        }
        try (EmbeddedBroker on = secure(Map.of("ssl.enabled.protocols", "TLSv1.3"));
                Admin admin =
                        open(
                                on,
                                with(
                                        with(admin(), "ssl.enabled.protocols", "TLSv1.2"),
                                        "ssl.protocol",
                                        "TLSv1.2"))) {
            fails(SslAuthenticationException.class, () -> admin.describeCluster().nodes().get());
        }
    }

    @Test
    void largeFetchesArriveWhole() throws Exception {
        byte[] large = new byte[900_000];
        new Random(7).nextBytes(large);
        try (EmbeddedBroker on = secure(Map.of());
                KafkaProducer<byte[], byte[]> producer = on.producer(admin());
                KafkaConsumer<byte[], byte[]> consumer =
                        on.consumer(with(admin(), "auto.offset.reset", "earliest"))) {
            producer.send(new ProducerRecord<>("large", 0, null, large)).get(20, TimeUnit.SECONDS);
            consumer.assign(List.of(new TopicPartition("large", 0)));
            assertArrayEquals(large, poll(consumer).getFirst().value());
        }
    }

    @Test
    void aCertificateSaysWhoTheClientIs() throws Exception {
        Map<String, String> settings =
                Map.of(
                        "listeners",
                        "APPS://127.0.0.1:0",
                        "listener.security.protocol.map",
                        "APPS:SSL",
                        "listener.name.apps.ssl.keystore.type",
                        "PEM",
                        "listener.name.apps.ssl.keystore.certificate.chain",
                        Certificates.certificatePem(broker),
                        "listener.name.apps.ssl.keystore.key",
                        Certificates.keyPem(broker),
                        "ssl.truststore.type",
                        "PEM",
                        "ssl.truststore.certificates",
                        Certificates.certificatePem(client),
                        "ssl.client.auth",
                        "required",
                        "ssl.principal.mapping.rules",
                        "RULE:^CN=([^,]+),OU=Apps.*$/$1/L,DEFAULT",
                        "super.users",
                        "User:app-one");
        try (EmbeddedBroker on = EmbeddedBroker.start(settings)) {
            Map<String, String> shown = new HashMap<>(Certificates.trusting(broker));
            shown.put("security.protocol", "SSL");
            try (Admin admin = open(on, shown)) {
                fails(
                        SslAuthenticationException.class,
                        () -> admin.describeCluster().nodes().get());
            }
            shown.putAll(
                    Map.of(
                            "ssl.keystore.type",
                            "PKCS12",
                            "ssl.keystore.location",
                            client.toString(),
                            "ssl.keystore.password",
                            Certificates.PASSWORD));
            try (Admin admin = open(on, shown)) {
                admin.createTopics(List.of(new NewTopic("made", 1, (short) 1))).all().get();
            }
        }
    }

    @Test
    void newCertificatesAreTakenUpWithoutARestart() throws Exception {
        Path store = folder.resolve("renewed.p12");
        Files.copy(broker, store);
        Path next = Certificates.store(folder, "next", "CN=next", "ip:127.0.0.1");
        try (EmbeddedBroker on =
                secure(
                        Map.of(
                                "ssl.keystore.location",
                                store.toString(),
                                "leat.ssl.reload.interval.ms",
                                "50"))) {
            try (Admin admin = open(on, admin())) {
                admin.describeCluster().nodes().get();
            }
            Files.writeString(store, "half a file"); // keeps the old ones
            Path whole = folder.resolve("whole.p12");
            Files.copy(next, whole);
            Files.move(whole, store, StandardCopyOption.REPLACE_EXISTING);
            Map<String, String> settings = new HashMap<>(admin());
            settings.putAll(Certificates.trusting(next));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (true) {
                try (Admin admin = open(on, settings)) {
                    admin.describeCluster().nodes().get();
                    break;
                } catch (ExecutionException e) {
                    if (System.nanoTime() > end) {
                        throw e;
                    }
                }
            }
        }
    }

    // ---- the audit

    @Test
    void theAuditTellsWhoChangedWhatAndWhoWasRefused() throws Exception {
        try (EmbeddedBroker on = secure(Map.of());
                Admin admin = open(on, admin());
                Admin alice = open(on, alice())) {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1))).all().get();
            admin.alterUserScramCredentials(
                            List.of(
                                    new UserScramCredentialUpsertion(
                                            "carol",
                                            new ScramCredentialInfo(
                                                    org.apache.kafka.clients.admin.ScramMechanism
                                                            .SCRAM_SHA_256,
                                                    4096),
                                            "carol-secret")))
                    .all()
                    .get();
            fails(
                    TopicAuthorizationException.class,
                    () -> alice.describeTopics(List.of("orders")).allTopicNames().get());
            try (Admin wrong = open(on, as("PLAIN", "mallory", "guess-me"))) {
                fails(
                        SaslAuthenticationException.class,
                        () -> wrong.describeCluster().nodes().get());
            }
            StringBuilder lines = new StringBuilder();
            try (KafkaConsumer<byte[], byte[]> consumer = on.consumer(admin())) {
                TopicPartition audit = new TopicPartition("__leat_audit", 0);
                consumer.assign(List.of(audit));
                consumer.seekToBeginning(List.of(audit));
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (!lines.toString().contains("login-failed") && System.nanoTime() < end) {
                    consumer.poll(Duration.ofMillis(200))
                            .forEach(record ->
                                    lines.append(new String(record.value(), StandardCharsets.UTF_8))
                                            .append('\n'));
                }
            }
            String audit = lines.toString();
            assertTrue(
                    audit.contains(
                            "\"event\":\"change\",\"principal\":\"User:admin\","
                                    + "\"host\":\"127.0.0.1\",\"api\":\"CreateTopics\""),
                    audit);
            assertTrue(audit.contains("\"api\":\"AlterUserScramCredentials\""), audit);
            assertTrue(
                    audit.contains(
                            "\"event\":\"denial\",\"principal\":\"User:alice\","
                                    + "\"host\":\"127.0.0.1\",\"operation\":\"DESCRIBE\","
                                    + "\"resourceType\":\"TOPIC\",\"resource\":\"orders\""),
                    audit);
            assertTrue(
                    audit.contains("\"event\":\"login-failed\",\"principal\":\"User:mallory\""),
                    audit);
            assertTrue(!audit.contains("guess-me") && !audit.contains("secret"), audit);

            fails(
                    TopicAuthorizationException.class,
                    () -> send(on, with(admin(), "enable.idempotence", "false"), "__leat_audit"));
            fails(
                    TopicAuthorizationException.class,
                    () -> admin.deleteTopics(List.of("__leat_audit")).all().get());
        }
    }
}
