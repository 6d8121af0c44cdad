package io.leat.broker.config;

import java.util.Locale;
import java.util.Optional;

/** Keys that hold for one listener: {@code listener.name.NAME.KEY}, as in Kafka. */
final class ListenerKey {
    private static final String PREFIX = "listener.name.";

    private ListenerKey() {}

    /** The key that a name means, when it is one for a listener and may be. */
    static Optional<ConfigKey<?>> find(String name) {
        int dot = name.startsWith(PREFIX) ? name.indexOf('.', PREFIX.length()) : -1;
        return dot < 0
                ? Optional.empty()
                : SecurityKeys.ofListeners().stream()
                        .filter(key -> key.name().equals(name.substring(dot + 1)))
                        .findFirst()
                        .map(key -> (ConfigKey<?>) key);
    }

    /** The listener that a name is about, if it is about one, in lower case. */
    static Optional<String> listenerOf(String name) {
        return name.startsWith(PREFIX)
                ? Optional.of(name.substring(PREFIX.length(), name.indexOf('.', PREFIX.length())))
                : Optional.empty();
    }

    /** A key of one listener. */
    static String name(String listener, String key) {
        return PREFIX + listener.toLowerCase(Locale.ROOT) + "." + key;
    }

    /** A name as it is kept: listeners' names are written in lower case here. */
    static String normal(String name) {
        return listenerOf(name)
                .map(listener ->
                        name(listener, name.substring(PREFIX.length() + listener.length() + 1)))
                .orElse(name);
    }
}
