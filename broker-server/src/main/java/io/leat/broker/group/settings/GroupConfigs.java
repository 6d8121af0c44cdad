package io.leat.broker.group.settings;

import io.leat.broker.api.ConfigDomain;
import io.leat.broker.api.ConfigUpdate;
import io.leat.broker.api.ConfigValue;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerConfig.Setting;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.ConfigKey;
import io.leat.broker.config.ConfigSource;
import io.leat.broker.config.GroupKey;
import io.leat.broker.config.GroupKeys;
import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.broker.topic.TopicException;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is set on single groups. A group need not be there to have settings, and keeps them when it
 * is deleted. Any thread may read; changes wait for the disk.
 *
 * <pre>
 *   key    "group-config/" | group id, to the end
 *   value  version int8 = 1 | count int32, each: name string | value string
 * </pre>
 */
public final class GroupConfigs implements ConfigDomain {
    public static final byte TYPE = 32;

    private static final Logger LOG = LoggerFactory.getLogger(GroupConfigs.class);
    private static final byte[] PREFIX = "group-config/".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private final BrokerConfig broker;
    private final StateStore store;
    private final GroupSettings defaults;
    private final Map<String, GroupSettings> groups = new ConcurrentHashMap<>();

    /**
     * Reads what is set.
     *
     * @throws io.leat.storage.api.StorageException when it cannot be read
     */
    public GroupConfigs(BrokerConfig broker, StateStore store) {
        this.broker = broker;
        this.store = store;
        defaults = new GroupSettings(broker, Map.of());
        store.scan(PREFIX, (key, value) -> load(broker, key, value));
    }

    private void load(BrokerConfig broker, byte[] key, byte[] value) {
        String groupId =
                new String(key, PREFIX.length, key.length - PREFIX.length, StandardCharsets.UTF_8);
        StateInput in = new StateInput("the settings of group " + groupId, value);
        in.version(VERSION);
        Map<String, String> overrides = new TreeMap<>();
        int count = in.count();
        for (int i = 0; i < count; i++) {
            overrides.put(in.string(), in.string());
        }
        in.end();
        try {
            groups.put(groupId, new GroupSettings(broker, overrides));
        } catch (ConfigException e) {
            LOG.warn("Group {} has the broker's settings: {}", groupId, e.getMessage());
        }
    }

    /** The settings of a group, be it there or not. */
    public GroupSettings of(String groupId) {
        return groups.getOrDefault(groupId, defaults);
    }

    @Override
    public byte type() {
        return TYPE;
    }

    /** The groups on which something is set, in order. */
    @Override
    public List<String> names() {
        return groups.keySet().stream().sorted().toList();
    }

    @Override
    public List<ConfigValue> describe(String groupId) {
        checkId(groupId);
        GroupSettings settings = of(groupId);
        List<ConfigValue> values = new ArrayList<>(GroupKeys.all().size());
        GroupKeys.all().values().forEach(key -> values.add(value(key, settings)));
        return values;
    }

    private <T> ConfigValue value(GroupKey<T> key, GroupSettings settings) {
        List<Setting> given = new ArrayList<>(2);
        String override = settings.overrides().get(key.name());
        if (override != null) {
            given.add(new Setting(key.name(), override, ConfigSource.GROUP));
        }
        key.synonym().ifPresent(synonym -> given.addAll(broker.settings(synonym)));
        ConfigKey<T> fallback = key.synonym().orElse(key.key());
        return ConfigValue.of(key.key(), settings.text(key), false, given, fallback.name());
    }

    @Override
    public void alter(String groupId, ConfigUpdate update, boolean validateOnly) {
        checkId(groupId);
        UnaryOperator<GroupSettings> change =
                current ->
                        switch (update) {
                            case ConfigUpdate.Replace(var values) -> current.checked(values);
                            case ConfigUpdate.Edit(var changes) -> current.with(changes);
                        };
        try {
            if (validateOnly) {
                var _ = change.apply(of(groupId));
            } else {
                configure(groupId, change);
            }
        } catch (ConfigException e) {
            throw new TopicException(ErrorCode.INVALID_CONFIG, String.valueOf(e.getMessage()));
        } catch (StorageException e) {
            throw new TopicException(ErrorCode.KAFKA_STORAGE_ERROR, String.valueOf(e.getMessage()));
        }
    }

    private static void checkId(String groupId) {
        if (groupId.isEmpty()) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST, "The id of a group must not be empty");
        }
    }

    /**
     * Changes what is set on a group. Blocks on the disk.
     *
     * @param change makes the new settings of those that stand
     * @throws ConfigException from the change; nothing is changed then
     * @throws io.leat.storage.api.StorageException when it cannot be written
     */
    public synchronized void configure(String groupId, UnaryOperator<GroupSettings> change) {
        GroupSettings changed = change.apply(of(groupId));
        if (changed.overrides().isEmpty()) {
            store.write(List.of(new Write.Delete(key(groupId))), true);
            groups.remove(groupId);
            return;
        }
        StateOutput out = new StateOutput().int8(VERSION).int32(changed.overrides().size());
        changed.overrides().forEach((name, value) -> out.string(name).string(value));
        store.write(List.of(new Write.Put(key(groupId), out.toBytes())), true);
        groups.put(groupId, changed);
    }

    private static byte[] key(String groupId) {
        return new StateOutput()
                .raw(PREFIX)
                .raw(groupId.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }
}
