package io.leat.broker.telemetry;

import io.leat.broker.api.ConfigDomain;
import io.leat.broker.api.ConfigUpdate;
import io.leat.broker.api.ConfigValue;
import io.leat.broker.config.BrokerConfig.Setting;
import io.leat.broker.config.ConfigChange;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.ConfigKey;
import io.leat.broker.config.ConfigSource;
import io.leat.broker.topic.TopicException;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The subscriptions as configurations: a new name is a new one, and one of nothing is removed. */
final class ClientMetricsConfigs implements ConfigDomain {
    static final byte TYPE = 16;

    private static final Subscription NOTHING = Subscription.of(Map.of());

    private final Subscriptions subscriptions;

    ClientMetricsConfigs(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public Collection<String> names() {
        return subscriptions.all().keySet();
    }

    @Override
    public List<ConfigValue> describe(String name) {
        checkName(name);
        Subscription subscription = subscriptions.all().getOrDefault(name, NOTHING);
        return Subscription.KEYS.stream().map(key -> value(key, subscription)).toList();
    }

    @Override
    public void alter(String name, ConfigUpdate update, boolean validateOnly) {
        checkName(name);
        Subscription before = subscriptions.all().getOrDefault(name, NOTHING);
        update.keys().forEach(ClientMetricsConfigs::checkKey);
        try {
            Map<String, String> overrides =
                    switch (update) {
                        case ConfigUpdate.Replace(var values) -> new TreeMap<>(values);
                        case ConfigUpdate.Edit(var changes) ->
                                ConfigChange.apply(
                                        before.overrides(),
                                        changes,
                                        Subscription::key,
                                        key -> before.text(Subscription.key(key)));
                    };
            checkInterval(overrides);
            Subscription after = Subscription.of(overrides);
            if (!subscriptions.all().containsKey(name)
                    && subscriptions.all().size() >= Subscriptions.COUNT_MAX) {
                throw refused("There are " + Subscriptions.COUNT_MAX + " subscriptions already");
            }
            if (!validateOnly) {
                subscriptions.put(name, after);
            }
        } catch (ConfigException e) {
            throw new TopicException(ErrorCode.INVALID_CONFIG, String.valueOf(e.getMessage()));
        } catch (StorageException e) {
            throw new TopicException(ErrorCode.KAFKA_STORAGE_ERROR, String.valueOf(e.getMessage()));
        }
    }

    private static void checkKey(String key) {
        try {
            var _ = Subscription.key(key);
        } catch (ConfigException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /** Kafka tells a number that is out of range from what is no number. */
    private static void checkInterval(Map<String, String> overrides) {
        String text = overrides.getOrDefault(Subscription.INTERVAL_MS.name(), "");
        if (text.strip().matches("-?[0-9]+")) {
            try {
                var _ = Subscription.INTERVAL_MS.parse(text);
            } catch (ConfigException e) {
                throw refused(String.valueOf(e.getMessage()));
            }
        }
    }

    private static ConfigValue value(ConfigKey<?> key, Subscription subscription) {
        String own = subscription.overrides().get(key.name());
        List<Setting> given =
                own == null
                        ? List.of()
                        : List.of(new Setting(key.name(), own, ConfigSource.CLIENT_METRICS));
        ConfigSource source = own == null ? ConfigSource.DEFAULT : ConfigSource.CLIENT_METRICS;
        return new ConfigValue(key, subscription.text(key), source, false, given);
    }

    private static void checkName(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw refused("A subscription needs a name");
        }
    }

    private static TopicException refused(String message) {
        return new TopicException(ErrorCode.INVALID_REQUEST, message);
    }
}
