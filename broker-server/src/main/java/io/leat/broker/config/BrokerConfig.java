package io.leat.broker.config;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The broker's configuration: the keys of {@link BrokerKeys} with their values, as given at start
 * and as set at run time over that. Immutable; {@link LiveConfig} has the one that holds.
 */
public final class BrokerConfig {
    private static final Map<String, String> ALIASES =
            Map.of("log.dirs", BrokerKeys.LOG_DIR.name(), "data.dir", BrokerKeys.LOG_DIR.name());

    private final Map<String, Object> startValues;
    private final Set<String> ignored;
    private final DynamicConfig dynamic;
    private final Map<String, Object> values;

    private BrokerConfig(
            Map<String, Object> startValues, Set<String> ignored, DynamicConfig dynamic) {
        this.startValues = Map.copyOf(startValues);
        this.ignored = Set.copyOf(ignored);
        this.dynamic = dynamic;
        Map<String, Object> joined = new HashMap<>(startValues);
        dynamic.forAllBrokers().forEach((name, text) -> joined.put(name, parsed(name, text)));
        dynamic.forThisBroker().forEach((name, text) -> joined.put(name, parsed(name, text)));
        this.values = Map.copyOf(joined);
    }

    /**
     * One value that a key has been given, and where.
     *
     * @param name the key's name
     * @param text the value as text
     */
    public record Setting(String name, String text, ConfigSource source) {}

    public static BrokerConfig defaults() {
        return of(Map.of());
    }

    /**
     * Reads settings given by name.
     *
     * @param settings texts by key
     * @throws ConfigException naming the first key that is unknown or whose value is not valid
     */
    public static BrokerConfig of(Map<String, String> settings) {
        Map<String, Object> values = new HashMap<>();
        Set<String> ignored = new TreeSet<>();
        for (Map.Entry<String, String> setting : new TreeMap<>(settings).entrySet()) {
            String name = ALIASES.getOrDefault(setting.getKey(), setting.getKey());
            Optional<ConfigKey<?>> key = BrokerKeys.find(name).or(() -> ListenerKey.find(name));
            if (key.isPresent()) {
                String text = ConfigReferences.resolve(name, setting.getValue());
                values.put(ListenerKey.normal(name), key.get().parse(text));
            } else if (BrokerKeys.FOREIGN.contains(name)) {
                ignored.add(name);
            } else {
                throw new ConfigException(unknown(name));
            }
        }
        BrokerConfig config = new BrokerConfig(values, ignored, DynamicConfig.NONE);
        config.check();
        return config;
    }

    /**
     * This configuration with {@code dynamic} in place of what was set at run time before.
     *
     * @throws ConfigException naming the first key that is unknown or whose value is not valid
     */
    public BrokerConfig with(DynamicConfig newDynamic) {
        BrokerConfig config = new BrokerConfig(startValues, ignored, newDynamic);
        config.check();
        return config;
    }

    /** What was set at run time. */
    public DynamicConfig dynamic() {
        return dynamic;
    }

    /** What {@code key} was given, the strongest first; without its default. */
    public List<Setting> settings(ConfigKey<?> key) {
        List<Setting> settings = new ArrayList<>(1);
        String own = dynamic.forThisBroker().get(key.name());
        if (own != null) {
            settings.add(new Setting(key.name(), own, ConfigSource.DYNAMIC_BROKER));
        }
        String shared = dynamic.forAllBrokers().get(key.name());
        if (shared != null) {
            settings.add(new Setting(key.name(), shared, ConfigSource.DYNAMIC_DEFAULT_BROKER));
        }
        Object atStart = startValues.get(key.name());
        if (atStart != null) {
            settings.add(new Setting(key.name(), textOf(key, atStart), ConfigSource.STATIC_BROKER));
        }
        return settings;
    }

    /**
     * Reads a properties file and settings given by hand, which win.
     *
     * @throws ConfigException naming the file, or the key
     */
    public static BrokerConfig load(@Nullable Path file, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>();
        if (file != null) {
            Properties properties = read(file);
            properties
                    .stringPropertyNames()
                    .forEach(name -> all.put(name, properties.getProperty(name)));
        }
        all.putAll(settings);
        return of(all);
    }

    /** The value of {@code key}, or its default. */
    @SuppressWarnings("unchecked") // values are put by the key's own reader
    public <T> T get(ConfigKey<T> key) {
        Object value = values.get(key.name());
        return value == null ? key.defaultValue() : (T) value;
    }

    /** The value of {@code key} for a listener: its own, or the one for all. */
    @SuppressWarnings("unchecked") // values are put by the key's own reader
    public <T> T get(ConfigKey<T> key, String listener) {
        Object value = values.get(ListenerKey.name(listener, key.name()));
        return value == null ? get(key) : (T) value;
    }

    /** How clients of a listener are spoken to. */
    public SecurityProtocol protocol(String listener) {
        for (String mapping : get(SecurityKeys.LISTENER_SECURITY_PROTOCOL_MAP)) {
            int colon = mapping.indexOf(':');
            if (mapping.substring(0, colon).equals(listener)) {
                return SecurityProtocol.valueOf(mapping.substring(colon + 1));
            }
        }
        return SecurityProtocol.named(listener)
                .orElseThrow(() ->
                        new ConfigException(
                                ("How listener %s speaks is not said; add %s:PROTOCOL to %s, "
                                                + "where PROTOCOL is one of %s")
                                        .formatted(
                                                listener,
                                                listener,
                                                SecurityKeys.LISTENER_SECURITY_PROTOCOL_MAP.name(),
                                                SecurityProtocol.names())));
    }

    /** Whether {@code key} was given a value, be it its default. */
    public boolean isSet(ConfigKey<?> key) {
        return values.containsKey(key.name());
    }

    /** The value of {@code key} as text. */
    public <T> String text(ConfigKey<T> key) {
        return key.format(get(key));
    }

    /** Kafka's keys that were given and have no meaning here, in order. */
    public Set<String> ignored() {
        return new TreeSet<>(ignored);
    }

    public Path dataDirectory() {
        return Path.of(get(BrokerKeys.LOG_DIR));
    }

    public List<Endpoint> listeners() {
        return get(BrokerKeys.LISTENERS).stream().map(Endpoint::parse).toList();
    }

    /** What a listener advertises, when it is configured. */
    public Optional<Endpoint> advertised(String listener) {
        return get(BrokerKeys.ADVERTISED_LISTENERS).stream()
                .map(Endpoint::parse)
                .filter(endpoint -> endpoint.name().equals(listener))
                .findFirst();
    }

    private void check() {
        Set<String> names = new TreeSet<>();
        for (Endpoint endpoint : listeners()) {
            if (!names.add(endpoint.name())) {
                throw new ConfigException(
                        "listeners names "
                                + endpoint.name()
                                + " twice; give each listener its own name");
            }
        }
        for (String name : names) {
            protocol(name);
        }
        for (String name : values.keySet()) {
            ListenerKey.listenerOf(name)
                    .filter(listener -> names.stream().noneMatch(listener::equalsIgnoreCase))
                    .ifPresent(listener -> {
                        throw new ConfigException(
                                name + " is about a listener that is not in listeners");
                    });
        }
        if (names.isEmpty()) {
            throw new ConfigException(
                    "listeners is empty; name one, such as " + BrokerKeys.LISTENERS.defaultText());
        }
        for (String text : get(BrokerKeys.ADVERTISED_LISTENERS)) {
            Endpoint endpoint = Endpoint.parse(text);
            if (!names.contains(endpoint.name())) {
                throw new ConfigException(
                        "advertised.listeners names "
                                + endpoint.name()
                                + ", which is not one of the listeners ("
                                + String.join(", ", names)
                                + ")");
            }
            if (endpoint.host().isEmpty() || endpoint.port() == 0) {
                throw new ConfigException(
                        "advertised.listeners needs a host and a port that clients can reach, not "
                                + endpoint);
            }
        }
        if (get(BrokerKeys.LOG_DIR).isEmpty() || get(BrokerKeys.LOG_DIR).contains(",")) {
            throw new ConfigException(
                    "log.dir takes one directory, not '" + get(BrokerKeys.LOG_DIR) + "'");
        }
        if (get(BrokerKeys.GROUP_MIN_SESSION_TIMEOUT_MS)
                > get(BrokerKeys.GROUP_MAX_SESSION_TIMEOUT_MS)) {
            throw new ConfigException(
                    "group.min.session.timeout.ms is larger than group.max.session.timeout.ms");
        }
    }

    @SuppressWarnings("unchecked") // values are put by the key's own reader
    private static <T> String textOf(ConfigKey<T> key, Object value) {
        return key.format((T) value);
    }

    private static Object parsed(String name, String text) {
        ConfigKey<?> key =
                BrokerKeys.find(name).orElseThrow(() -> new ConfigException(unknown(name)));
        return key.parse(text);
    }

    private static String unknown(String name) {
        String hint =
                Nearest.to(name, BrokerKeys.all().keySet())
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
        return "Unknown configuration key " + name + hint;
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = new StringReader(Files.readString(file, StandardCharsets.UTF_8))) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new ConfigException("Configuration file " + file + " does not exist");
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException(
                    "Configuration file " + file + " cannot be read: " + e.getMessage());
        }
        return properties;
    }
}
