package io.leat.broker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerConfigTest {
    @TempDir Path folder;

    @Test
    void handGivenSettingsWinOverTheFile() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("server.properties"),
                        "num.partitions=3\nmessage.max.bytes = 5000\nlog.dirs=/tmp/x\n");
        BrokerConfig config = BrokerConfig.load(file, Map.of("num.partitions", "7"));
        assertEquals(7, config.get(BrokerKeys.NUM_PARTITIONS));
        assertEquals(5000, TopicKeys.MAX_MESSAGE_BYTES.resolve(config));
        assertEquals(Path.of("/tmp/x"), config.dataDirectory());
        assertFalse(config.isSet(BrokerKeys.NODE_ID));
    }

    @Test
    void mistakesAreToldInOneLineThatNamesTheKey() {
        assertRefused(
                Map.of("num.partition", "3"),
                "Unknown configuration key num.partition; did you mean num.partitions?");
        assertRefused(Map.of("zzz", "3"), "Unknown configuration key zzz");
        assertRefused(
                Map.of("num.partitions", "three"),
                "Invalid value 'three' for num.partitions: expected a whole number");
        assertRefused(
                Map.of("num.partitions", "0"),
                "Invalid value '0' for num.partitions: expected 1 to 100000");
        assertRefused(
                Map.of("max.connections", "0"),
                "Invalid value '0' for max.connections: expected 1 or more");
        assertRefused(
                Map.of("auto.create.topics.enable", "yes"),
                "Invalid value 'yes' for auto.create.topics.enable: expected true or false");
        assertRefused(
                Map.of("log.cleanup.policy", "burn"),
                "Invalid value 'burn' for log.cleanup.policy: expected compact, delete, or both");
        assertRefused(
                Map.of("listeners", "localhost"),
                "Invalid value 'localhost' for listeners: expected NAME://HOST:PORT, not"
                        + " localhost");
        assertRefused(
                Map.of("listeners", "A://h:70000"),
                "Invalid value 'A://h:70000' for listeners: expected a port of 0 to 65535, not"
                        + " 70000");
        assertRefused(
                Map.of("listeners", "A://h:1,A://h:2"),
                "listeners names A twice; give each listener its own name");
        assertRefused(
                Map.of("advertised.listeners", "B://h:1"),
                "advertised.listeners names B, which is not one of the listeners (PLAINTEXT)");
        assertRefused(Map.of("log.dirs", "/a,/b"), "log.dir takes one directory, not '/a,/b'");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("missing.properties");
        assertEquals(
                "Configuration file " + file + " does not exist",
                assertThrows(ConfigException.class, () -> BrokerConfig.load(file, Map.of()))
                        .getMessage());
    }

    @Test
    void kafkasKeysWithoutMeaningAreReadOver() {
        BrokerConfig config =
                BrokerConfig.of(Map.of("process.roles", "broker,controller", "node.id", "3"));
        assertEquals(Set.of("process.roles"), config.ignored());
        assertEquals(3, config.get(BrokerKeys.NODE_ID));
    }

    @Test
    void theFinestUnitOfATimeWins() {
        assertEquals(
                7_200_000L,
                TopicKeys.RETENTION_MS.resolve(
                        BrokerConfig.of(Map.of("log.retention.hours", "2"))));
        assertEquals(
                60_000L,
                TopicKeys.RETENTION_MS.resolve(
                        BrokerConfig.of(
                                Map.of("log.retention.hours", "2", "log.retention.minutes", "1"))));
        assertEquals(
                5L,
                TopicKeys.RETENTION_MS.resolve(
                        BrokerConfig.of(
                                Map.of("log.retention.ms", "5", "log.retention.minutes", "1"))));
        assertEquals(
                -1L,
                TopicKeys.RETENTION_MS.resolve(
                        BrokerConfig.of(Map.of("log.retention.hours", "-1"))));
    }

    @Test
    void everyDefaultIsAValueOfItsKey() {
        BrokerKeys.all().values().forEach(BrokerConfigTest::assertDefaultReadsBack);
        TopicKeys.all().values().forEach(key -> assertDefaultReadsBack(key.key()));
    }

    private static <T> void assertDefaultReadsBack(ConfigKey<T> key) {
        if (key.secret()) {
            assertEquals("[hidden]", key.defaultText(), key.name());
        } else {
            assertEquals(key.defaultValue(), key.parse(key.defaultText()), key.name());
        }
        assertTrue(key.documentation().endsWith("."), key.name());
    }

    @Test
    void endpointsHaveNamesHostsAndPorts() {
        assertEquals(new Endpoint("A", "::1", 5), Endpoint.parse("A://[::1]:5"));
        assertEquals("A://[::1]:5", Endpoint.parse("A://[::1]:5").toString());
        assertEquals(new Endpoint("A", "", 0), Endpoint.parse("A://:0"));
        for (String wrong : List.of("", "A:/h:1", "://h:1", "A://h", "A://h:x", "A://::1:5")) {
            assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(wrong), wrong);
        }
    }

    @Property(tries = 200)
    void aKeyWithATypingErrorFindsTheKey(
            @ForAll @AlphaChars @StringLength(1) String letter, @ForAll int place) {
        String key = "auto.create.topics.enable";
        int index = Math.floorMod(place, key.length());
        String mistyped = key.substring(0, index) + letter + key.substring(index + 1);
        Assume.that(!mistyped.equals(key));
        assertEquals(key, Nearest.to(mistyped, BrokerKeys.all().keySet()).orElseThrow());
        assertEquals(1, Nearest.distance(key, mistyped));
    }

    private static void assertRefused(Map<String, String> settings, String message) {
        assertEquals(
                message,
                assertThrows(ConfigException.class, () -> BrokerConfig.of(settings)).getMessage());
    }
}
