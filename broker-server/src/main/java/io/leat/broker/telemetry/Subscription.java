package io.leat.broker.telemetry;

import static io.leat.broker.config.ConfigKey.integer;
import static io.leat.broker.config.ConfigKey.list;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.ConfigKey;
import io.leat.broker.config.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A subscription to metrics of clients.
 *
 * @param overrides what is set, as text
 * @param metrics prefixes of the metrics' names; {@code *} stands for all
 * @param intervalMillis how often they are pushed
 * @param matches what a client must be, by the names of KIP-714; all of them
 */
record Subscription(
        SortedMap<String, String> overrides,
        List<String> metrics,
        int intervalMillis,
        Map<String, Pattern> matches) {
    static final int INTERVAL_MILLIS_DEFAULT = 300_000;

    private static final List<String> SELECTORS =
            List.of(
                    "client_instance_id",
                    "client_id",
                    "client_software_name",
                    "client_software_version",
                    "client_source_address",
                    "client_source_port");
    static final ConfigKey<List<String>> METRICS =
            list(
                    "metrics",
                    List.of(),
                    text -> text,
                    "prefixes of names, or *",
                    "The metrics that clients push, by the beginnings of their names.");
    static final ConfigKey<Integer> INTERVAL_MS =
            integer(
                    "interval.ms",
                    INTERVAL_MILLIS_DEFAULT,
                    100,
                    3_600_000,
                    "How often clients push them.");
    static final ConfigKey<List<String>> MATCH =
            list(
                    "match",
                    List.of(),
                    Subscription::readMatch,
                    "SELECTOR=PATTERN,... with " + String.join(", ", SELECTORS),
                    "Which clients push them; all where nothing is set.");
    static final List<ConfigKey<?>> KEYS = List.of(METRICS, INTERVAL_MS, MATCH);

    /**
     * Reads what is set.
     *
     * @throws ConfigException naming the key
     */
    static Subscription of(Map<String, String> overrides) {
        overrides.keySet().forEach(Subscription::key);
        Map<String, Pattern> matches = new LinkedHashMap<>();
        for (String match : value(MATCH, overrides)) {
            int equals = match.indexOf('=');
            matches.put(match.substring(0, equals), Pattern.compile(match.substring(equals + 1)));
        }
        return new Subscription(
                new TreeMap<>(overrides),
                value(METRICS, overrides),
                value(INTERVAL_MS, overrides),
                matches);
    }

    static ConfigKey<?> key(String name) {
        return KEYS.stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new ConfigException(
                                "Unknown client metrics configuration: "
                                        + name
                                        + Nearest.to(
                                                        name,
                                                        KEYS.stream().map(ConfigKey::name).toList())
                                                .map(near -> "; did you mean " + near + "?")
                                                .orElse("")));
    }

    /** The text that holds for {@code key}. */
    String text(ConfigKey<?> key) {
        return overrides.getOrDefault(key.name(), key.defaultText());
    }

    boolean fits(ClientDescription client) {
        return matches.entrySet().stream()
                .allMatch(match -> match.getValue().matches(client.value(match.getKey())));
    }

    private static <T> T value(ConfigKey<T> key, Map<String, String> overrides) {
        String text = overrides.get(key.name());
        return text == null ? key.defaultValue() : key.parse(text);
    }

    private static String readMatch(String text) {
        String[] parts = text.split("=", 2);
        if (parts.length != 2 || !SELECTORS.contains(parts[0].strip())) {
            throw new IllegalArgumentException(
                    "expected SELECTOR=PATTERN with one of "
                            + String.join(", ", SELECTORS)
                            + ", not '"
                            + text
                            + "'");
        }
        try {
            var _ = Pattern.compile(parts[1].strip());
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + parts[1] + "' is no pattern", e);
        }
        return parts[0].strip() + "=" + parts[1].strip();
    }
}
