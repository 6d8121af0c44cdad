package io.leat.broker.api;

import io.leat.broker.config.BrokerKeys;
import io.leat.broker.config.DynamicConfig;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import io.leat.storage.api.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's configuration of run time in the state store. Blocks on the disk.
 *
 * <pre>
 * key    "config/all/" name       set for all brokers
 *        "config/broker/" name    set for this broker
 * value  the text, UTF-8
 * </pre>
 */
public final class DynamicConfigStore {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicConfigStore.class);
    private static final String ALL = "config/all/";
    private static final String BROKER = "config/broker/";

    private final StateStore state;

    public DynamicConfigStore(StateStore state) {
        this.state = state;
    }

    /**
     * What was set. A key that this release does not know is left in the store and not used.
     *
     * @throws StorageException when the disk fails
     */
    public DynamicConfig load() {
        return new DynamicConfig(read(ALL), read(BROKER));
    }

    /**
     * Puts {@code dynamic} in place of what was set; all or nothing, and durable.
     *
     * @throws StorageException when the disk fails
     */
    void save(DynamicConfig dynamic) {
        List<Write> writes = new ArrayList<>();
        addWrites(writes, ALL, dynamic.forAllBrokers());
        addWrites(writes, BROKER, dynamic.forThisBroker());
        if (!writes.isEmpty()) {
            state.write(writes, true);
        }
    }

    private void addWrites(List<Write> writes, String prefix, SortedMap<String, String> settings) {
        SortedMap<String, String> before = read(prefix);
        before.keySet()
                .forEach(name -> {
                    if (!settings.containsKey(name)) {
                        writes.add(new Write.Delete(bytes(prefix + name)));
                    }
                });
        settings.forEach((name, text) -> {
            if (!text.equals(before.get(name))) {
                writes.add(new Write.Put(bytes(prefix + name), bytes(text)));
            }
        });
    }

    private SortedMap<String, String> read(String prefix) {
        SortedMap<String, String> settings = new TreeMap<>();
        state.scan(
                bytes(prefix),
                (key, value) -> {
                    String name =
                            new String(key, StandardCharsets.UTF_8).substring(prefix.length());
                    if (BrokerKeys.find(name).isPresent()) {
                        settings.put(name, new String(value, StandardCharsets.UTF_8));
                    } else {
                        LOG.warn("Passed over the unknown key {}, set at run time", name);
                    }
                });
        return settings;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
