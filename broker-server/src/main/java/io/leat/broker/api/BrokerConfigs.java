package io.leat.broker.api;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerConfig.Setting;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.config.ConfigChange;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.ConfigKey;
import io.leat.broker.config.DynamicConfig;
import io.leat.broker.config.LiveConfig;
import io.leat.broker.config.Nearest;
import io.leat.broker.topic.TopicException;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * The broker's configuration: named by its number, or by the empty name for what holds on all
 * brokers (KIP-226). What is set at run time is durable before it holds, and holds at once; keys
 * that are read at start are refused, as Apache Kafka does.
 */
public final class BrokerConfigs implements ConfigDomain {
    public static final byte TYPE = 4;

    private final int nodeId;
    private final LiveConfig live;
    private final DynamicConfigStore store;

    public BrokerConfigs(int nodeId, LiveConfig live, DynamicConfigStore store) {
        this.nodeId = nodeId;
        this.live = live;
        this.store = store;
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public Collection<String> names() {
        return List.of(Integer.toString(nodeId));
    }

    @Override
    public List<ConfigValue> describe(String name) {
        BrokerConfig config = live.current();
        if (!name.isEmpty()) {
            check(name);
            List<ConfigValue> values = new ArrayList<>(BrokerKeys.all().size());
            for (ConfigKey<?> key : BrokerKeys.all().values()) {
                values.add(value(key, config.text(key), config.settings(key)));
            }
            return values;
        }
        List<ConfigValue> shared = new ArrayList<>();
        config.dynamic()
                .forAllBrokers()
                .forEach((key, text) ->
                        BrokerKeys.find(key)
                                .ifPresent(known ->
                                        shared.add(
                                                value(
                                                        known,
                                                        text,
                                                        settingsForAll(config, known)))));
        return shared;
    }

    @Override
    public void alter(String name, ConfigUpdate update, boolean validateOnly) {
        if (!name.isEmpty()) {
            check(name);
        }
        update.keys().forEach(BrokerConfigs::known);
        checkDynamic(update.keys());
        synchronized (live) {
            DynamicConfig before = live.current().dynamic();
            DynamicConfig after =
                    name.isEmpty()
                            ? new DynamicConfig(
                                    changed(before.forAllBrokers(), update), before.forThisBroker())
                            : new DynamicConfig(
                                    before.forAllBrokers(),
                                    changed(before.forThisBroker(), update));
            try {
                var _ = live.current().with(after);
                if (!validateOnly) {
                    store.save(after);
                    live.change(after);
                }
            } catch (ConfigException e) {
                throw invalid(String.valueOf(e.getMessage()));
            } catch (StorageException e) {
                throw new TopicException(
                        ErrorCode.KAFKA_STORAGE_ERROR, String.valueOf(e.getMessage()));
            }
        }
    }

    private Map<String, String> changed(SortedMap<String, String> before, ConfigUpdate update) {
        try {
            // Kafka's errors: INVALID_CONFIG for what cannot be done to a key of that type.
            return switch (update) {
                case ConfigUpdate.Replace(var values) -> values;
                case ConfigUpdate.Edit(var changes) ->
                        ConfigChange.apply(
                                before,
                                changes,
                                BrokerConfigs::known,
                                key -> live.current().text(known(key)));
            };
        } catch (ConfigException e) {
            throw new TopicException(ErrorCode.INVALID_CONFIG, String.valueOf(e.getMessage()));
        }
    }

    private static ConfigValue value(ConfigKey<?> key, String text, List<Setting> given) {
        return ConfigValue.of(key, text, !BrokerKeys.isDynamic(key), given, key.name());
    }

    private static List<Setting> settingsForAll(BrokerConfig config, ConfigKey<?> key) {
        boolean own = config.dynamic().forThisBroker().containsKey(key.name());
        List<Setting> settings = config.settings(key);
        return own ? settings.subList(1, settings.size()) : settings;
    }

    private void check(String name) {
        if (!name.equals(Integer.toString(nodeId))) {
            throw invalid("There is no broker '" + name + "', only " + nodeId);
        }
    }

    private static void checkDynamic(Collection<String> names) {
        TreeSet<String> atStart = new TreeSet<>();
        for (String name : names) {
            if (!BrokerKeys.isDynamic(known(name))) {
                atStart.add(name);
            }
        }
        if (!atStart.isEmpty()) {
            throw invalid(
                    "The broker reads these at start; restart it to change "
                            + String.join(", ", atStart));
        }
    }

    private static ConfigKey<?> known(String name) {
        return BrokerKeys.find(name)
                .orElseThrow(() ->
                        invalid(
                                "Unknown configuration key "
                                        + name
                                        + Nearest.to(name, BrokerKeys.all().keySet())
                                                .map(near -> "; did you mean " + near + "?")
                                                .orElse("")));
    }

    private static TopicException invalid(String message) {
        return new TopicException(ErrorCode.INVALID_REQUEST, message);
    }
}
