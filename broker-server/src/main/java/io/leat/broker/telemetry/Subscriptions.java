package io.leat.broker.telemetry;

import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The subscriptions, by name, durable in the state store. Reading is one volatile read; changes
 * block on the disk.
 *
 * <pre>
 * key    "client-metrics/" name 0 config
 * value  the text, UTF-8
 * </pre>
 */
final class Subscriptions {
    /** How many subscriptions there may be: each client is compared with each. */
    static final int COUNT_MAX = 1_000;

    private static final String PREFIX = "client-metrics/";

    private final StateStore state;
    private volatile SortedMap<String, Subscription> byName;

    Subscriptions(StateStore state) {
        this.state = state;
        Map<String, Map<String, String>> read = new TreeMap<>();
        state.scan(
                bytes(PREFIX),
                (key, value) -> {
                    String text =
                            new String(key, StandardCharsets.UTF_8).substring(PREFIX.length());
                    int end = text.lastIndexOf('\0');
                    read.computeIfAbsent(text.substring(0, end), name -> new TreeMap<>())
                            .put(
                                    text.substring(end + 1),
                                    new String(value, StandardCharsets.UTF_8));
                });
        SortedMap<String, Subscription> subscriptions = new TreeMap<>();
        read.forEach((name, overrides) -> subscriptions.put(name, Subscription.of(overrides)));
        this.byName = subscriptions;
    }

    SortedMap<String, Subscription> all() {
        return Collections.unmodifiableSortedMap(byName);
    }

    /** Puts {@code subscription} in the place of the one of its name; one of nothing is removed. */
    synchronized void put(String name, Subscription subscription) {
        Map<String, String> before =
                byName.containsKey(name) ? byName.get(name).overrides() : Map.of();
        List<Write> writes = new ArrayList<>();
        before.keySet().forEach(key -> writes.add(new Write.Delete(key(name, key))));
        subscription
                .overrides()
                .forEach((key, text) -> writes.add(new Write.Put(key(name, key), bytes(text))));
        if (!writes.isEmpty()) {
            state.write(writes, true);
        }
        SortedMap<String, Subscription> changed = new TreeMap<>(byName);
        if (subscription.overrides().isEmpty()) {
            changed.remove(name);
        } else {
            changed.put(name, subscription);
        }
        byName = changed;
    }

    private static byte[] key(String name, String config) {
        return bytes(PREFIX + name + '\0' + config);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
