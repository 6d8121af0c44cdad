package io.leat.broker.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One change to what is set on a resource (KIP-339).
 *
 * @param value empty where the key goes back to its default
 */
public record ConfigChange(String name, Kind kind, Optional<String> value) {
    /** KIP-339's operations, in the order of their codes. */
    public enum Kind {
        SET,
        DELETE,
        APPEND,
        SUBTRACT
    }

    /**
     * Applies changes.
     *
     * @param overrides what is set, by name
     * @param current the value that holds for a key, as text; throws where there is no such key
     * @return what is set then; its values are not checked yet
     * @throws ConfigException when a change does not fit its key
     */
    public static Map<String, String> apply(
            Map<String, String> overrides,
            List<ConfigChange> changes,
            Function<String, ConfigKey<?>> keys,
            Function<String, String> current) {
        Map<String, String> changed = new TreeMap<>(overrides);
        for (ConfigChange change : changes) {
            switch (change.kind()) {
                // A key that nobody knows is not set either, and may have been known once.
                case DELETE -> changed.remove(change.name());
                case SET -> changed.put(keys.apply(change.name()).name(), change.given());
                case APPEND, SUBTRACT -> {
                    ConfigKey<?> key = keys.apply(change.name());
                    changed.put(key.name(), change.listWith(key, current.apply(change.name())));
                }
            }
        }
        return changed;
    }

    private String given() {
        return value.orElseThrow(() -> new ConfigException("No value is given for " + name));
    }

    private String listWith(ConfigKey<?> key, String current) {
        if (key.type() != ConfigType.LIST) {
            throw new ConfigException(
                    name + " is not a list: set it, nothing can be added or taken away");
        }
        List<String> elements = new ArrayList<>();
        if (!current.isBlank()) {
            elements.addAll(Arrays.stream(current.split(",", -1)).map(String::strip).toList());
        }
        for (String element : given().split(",", -1)) {
            if (kind == Kind.SUBTRACT) {
                elements.remove(element.strip());
            } else if (!elements.contains(element.strip())) {
                elements.add(element.strip());
            }
        }
        return String.join(",", elements);
    }
}
