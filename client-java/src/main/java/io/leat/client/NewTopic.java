package io.leat.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A topic to be created.
 *
 * @param name 1 to 249 of {@code a-z A-Z 0-9 . _ -}
 * @param partitionCount how many partitions; empty for the cluster's default
 * @param replicationFactor how many copies of each; empty for the cluster's default
 * @param configs settings that differ from the cluster's defaults, such as {@code retention.ms}
 */
public record NewTopic(
        String name,
        OptionalInt partitionCount,
        OptionalInt replicationFactor,
        Map<String, String> configs) {
    public NewTopic {
        Objects.requireNonNull(name, "name");
        partitionCount.ifPresent(count -> Check.atLeast("partitionCount", 1, count));
        replicationFactor.ifPresent(
                factor -> Check.between("replicationFactor", 1, Short.MAX_VALUE, factor));
        configs = Map.copyOf(configs);
    }

    /** A topic with the cluster's defaults. */
    public static NewTopic of(String name) {
        return new NewTopic(name, OptionalInt.empty(), OptionalInt.empty(), Map.of());
    }

    /** A topic with so many partitions and otherwise the cluster's defaults. */
    public static NewTopic of(String name, int partitionCount) {
        return new NewTopic(name, OptionalInt.of(partitionCount), OptionalInt.empty(), Map.of());
    }

    /** This topic with so many copies of each partition. */
    public NewTopic withReplicationFactor(int factor) {
        return new NewTopic(name, partitionCount, OptionalInt.of(factor), configs);
    }

    /** This topic with one more setting. */
    public NewTopic withConfig(String key, String value) {
        Map<String, String> more = new HashMap<>(configs);
        more.put(key, value);
        return new NewTopic(name, partitionCount, replicationFactor, more);
    }
}
