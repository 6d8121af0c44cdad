package io.leat.broker.group.settings;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.ConfigChange;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.GroupKey;
import io.leat.broker.config.GroupKeys;
import io.leat.broker.config.Nearest;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** A group's settings: what was set on it, over the broker's defaults. Immutable. */
public final class GroupSettings {
    private final BrokerConfig broker;
    private final SortedMap<String, String> overrides;
    private final Map<String, Object> values = new HashMap<>();

    /**
     * Joins; a value beyond the broker's bounds, which may have been drawn closer since it was set,
     * counts as the bound.
     *
     * @param overrides what is set on the group, by name
     * @throws ConfigException naming the first key that is unknown or whose value is not valid
     */
    public GroupSettings(BrokerConfig broker, Map<String, String> overrides) {
        this.broker = broker;
        this.overrides = Collections.unmodifiableSortedMap(new TreeMap<>(overrides));
        this.overrides.keySet().forEach(GroupSettings::key);
        GroupKeys.all().values().forEach(key -> values.put(key.name(), value(key)));
    }

    private <T> T value(GroupKey<T> key) {
        String override = overrides.get(key.name());
        return key.clamp(
                override == null ? key.resolve(broker) : key.key().parse(override), broker);
    }

    /** What is set on the group, by name. */
    public SortedMap<String, String> overrides() {
        return overrides;
    }

    /** The value that holds: the group's own, or the broker's default. */
    @SuppressWarnings("unchecked") // values are put by the key's own reader
    public <T> T get(GroupKey<T> key) {
        return (T) Objects.requireNonNull(values.get(key.name()), key.name());
    }

    /** The value that holds, as text. */
    public <T> String text(GroupKey<T> key) {
        return key.key().format(get(key));
    }

    /**
     * These settings with changes.
     *
     * @throws ConfigException naming the key that is unknown, or whose value is not valid or beyond
     *     what the broker allows
     */
    public GroupSettings with(List<ConfigChange> changes) {
        return checked(
                ConfigChange.apply(
                        overrides, changes, name -> key(name).key(), name -> text(key(name))));
    }

    /**
     * Other settings on the same broker.
     *
     * @throws ConfigException as {@link #with}
     */
    public GroupSettings checked(Map<String, String> newOverrides) {
        GroupSettings settings = new GroupSettings(broker, newOverrides);
        newOverrides.forEach((name, text) -> check(key(name), text));
        settings.checkPulse("consumer", GroupKeys.CONSUMER);
        settings.checkPulse("share", GroupKeys.SHARE);
        settings.checkPulse("streams", GroupKeys.STREAMS);
        return settings;
    }

    private <T> void check(GroupKey<T> key, String text) {
        key.check(key.key().parse(text), broker);
    }

    private void checkPulse(String type, GroupKeys.Pulse pulse) {
        if (get(pulse.sessionTimeoutMs()) <= get(pulse.heartbeatIntervalMs())) {
            throw new ConfigException(
                    "%s.session.timeout.ms must be greater than %s.heartbeat.interval.ms"
                            .formatted(type, type));
        }
    }

    private static GroupKey<?> key(String name) {
        return GroupKeys.find(name)
                .orElseThrow(() ->
                        new ConfigException(
                                "Unknown group config name: "
                                        + name
                                        + Nearest.to(name, GroupKeys.all().keySet())
                                                .map(near -> "; did you mean " + near + "?")
                                                .orElse("")));
    }
}
