package io.leat.broker.group.settings;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.ConfigException;
import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.nio.charset.StandardCharsets;
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
public final class GroupConfigs {
    private static final Logger LOG = LoggerFactory.getLogger(GroupConfigs.class);
    private static final byte[] PREFIX = "group-config/".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private final StateStore store;
    private final GroupSettings defaults;
    private final Map<String, GroupSettings> groups = new ConcurrentHashMap<>();

    /**
     * Reads what is set.
     *
     * @throws io.leat.storage.api.StorageException when it cannot be read
     */
    public GroupConfigs(BrokerConfig broker, StateStore store) {
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

    /** The groups on which something is set, in order. */
    public List<String> groupIds() {
        return groups.keySet().stream().sorted().toList();
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
