package io.leat.broker.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.SecurityKeys;
import io.leat.broker.config.SecurityProtocol;
import io.leat.broker.embedded.EmbeddedBroker;
import io.leat.broker.network.RawClient;
import io.leat.wire.ApiKey;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody is let in by accident, and the way out is told. */
class ExposureTest {
    @TempDir Path folder;

    private EmbeddedBroker start(Map<String, String> settings) {
        return EmbeddedBroker.start(settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT://0.0.0.0:0", "PLAINTEXT://:0", "PLAINTEXT://[::]:0"})
    void withoutSecurityOnlyThisMachineIsServed(String listener) {
        ConfigException refused =
                assertThrows(
                        ConfigException.class, () -> start(Map.of("listeners", listener)).close());
        assertTrue(refused.getMessage().contains("--insecure"), refused.getMessage());
        assertFalse(refused.getMessage().contains("\n"));
        start(Map.of("listeners", listener, "leat.insecure", "true")).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT://127.0.0.1:0", "PLAINTEXT://[::1]:0"})
    void thisMachineIsServedAsItIs(String listener) throws Exception {
        try (EmbeddedBroker broker = start(Map.of("listeners", listener))) {
            String host = listener.contains("[") ? "[::1]" : "127.0.0.1";
            try (Admin admin =
                    Admin.create(
                            Map.of(
                                    "bootstrap.servers",
                                    host + ":" + broker.broker().address().getPort()))) {
                assertEquals(
                        broker.broker().address().getPort(),
                        admin.describeCluster().nodes().get().iterator().next().port());
            }
        }
    }

    @Test
    void severalListenersEachTellTheirOwnAddress() throws Exception {
        try (EmbeddedBroker broker =
                start(
                        Map.of(
                                "listeners",
                                "INTERNAL://127.0.0.1:0,EXTERNAL://127.0.0.1:0",
                                "listener.security.protocol.map",
                                "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT",
                                "advertised.listeners",
                                "EXTERNAL://broker.example:19092"))) {
            for (String listener : new String[] {"INTERNAL", "EXTERNAL"}) {
                InetSocketAddress address = broker.broker().addresses().get(listener);
                String expected =
                        listener.equals("INTERNAL")
                                ? "127.0.0.1:" + address.getPort()
                                : "broker.example:19092";
                try (RawClient client = new RawClient(address)) {
                    client.send(
                            ApiKey.METADATA,
                            12,
                            1,
                            MetadataRequest.class,
                            new MetadataRequest(List.of(), false, false, false));
                    MetadataResponse.MetadataResponseBroker told =
                            client.receive(ApiKey.METADATA, 12, 1, MetadataResponse.class)
                                    .brokers()
                                    .getFirst();
                    assertEquals(expected, told.host() + ":" + told.port());
                }
            }
        }
    }

    @Test
    void aListenerMustSayHowItSpeaks() {
        assertTrue(
                assertThrows(
                                ConfigException.class,
                                () -> BrokerConfig.of(Map.of("listeners", "FRONT://127.0.0.1:0")))
                        .getMessage()
                        .contains("listener.security.protocol.map"));
        BrokerConfig config =
                BrokerConfig.of(
                        Map.of(
                                "listeners",
                                "FRONT://127.0.0.1:0",
                                "listener.security.protocol.map",
                                "FRONT:SASL_SSL",
                                "listener.name.Front.ssl.client.auth",
                                "required",
                                "ssl.client.auth",
                                "requested"));
        assertEquals(SecurityProtocol.SASL_SSL, config.protocol("FRONT"));
        assertEquals("required", config.get(SecurityKeys.CLIENT_AUTH, "FRONT"));
        assertThrows(
                ConfigException.class,
                () -> BrokerConfig.of(Map.of("listener.name.other.ssl.client.auth", "none")));
        assertThrows(
                ConfigException.class,
                () -> BrokerConfig.of(Map.of("listener.name.plaintext.num.partitions", "3")));
    }

    @Test
    void secretsStandElsewhereAndAreNotShown() throws IOException {
        Path secret = Files.writeString(folder.resolve("password"), "hush\n");
        Path properties = Files.writeString(folder.resolve("secrets.properties"), "key=psst\n");
        BrokerConfig config =
                BrokerConfig.of(
                        Map.of(
                                "ssl.keystore.password",
                                "${file:" + secret + "}",
                                "ssl.key.password",
                                "${file:" + properties + ":key}",
                                "ssl.truststore.password",
                                "${directory:" + folder + ":password}"));
        assertEquals("hush", config.get(SecurityKeys.KEYSTORE_PASSWORD));
        assertEquals("psst", config.get(SecurityKeys.KEY_PASSWORD));
        assertEquals("hush", config.get(SecurityKeys.TRUSTSTORE_PASSWORD));
        assertEquals("[hidden]", config.text(SecurityKeys.KEYSTORE_PASSWORD));
        assertTrue(
                assertThrows(
                                ConfigException.class,
                                () ->
                                        BrokerConfig.of(
                                                Map.of(
                                                        "ssl.key.password",
                                                        "${env:LEAT_NOT_SET_ANYWHERE}")))
                        .getMessage()
                        .contains("LEAT_NOT_SET_ANYWHERE"));
    }

    @Test
    void distinguishedNamesBecomeUsers() {
        PrincipalMapping mapping =
                new PrincipalMapping(
                        "RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/,"
                                + "RULE:^CN=([^,]+),.*$/$1@apps/L,"
                                + "DEFAULT");
        assertEquals("serviceuser", mapping.apply("CN=serviceuser,OU=ServiceUsers,O=X"));
        assertEquals("app@apps", mapping.apply("CN=App,O=X"));
        assertEquals("O=Other", mapping.apply("O=Other"));
        for (String bad :
                List.of(
                        "RULE:no end",
                        "RULE:^CN=(.*?),.*$/$2/",
                        "RULE:^CN=(.*?),.*$/$/",
                        "RULE:^CN=(.*?),.*$/${name}/",
                        "RULE:^CN=(.*$/$1/")) {
            assertThrows(ConfigException.class, () -> new PrincipalMapping(bad), bad);
        }
    }
}
