package io.leat.cli.topology;

import io.leat.client.QuotaEntity;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Topics, settings of groups, and quotas. A section is empty where a file does not have it.
 *
 * @param topics by name
 * @param groups the settings of groups, by group id
 * @param quotas by entity, as {@link #order} sorts them
 */
public record Topology(
        Optional<SortedMap<String, TopicSpec>> topics,
        Optional<SortedMap<String, SortedMap<String, String>>> groups,
        Optional<SortedMap<QuotaEntity, SortedMap<String, Double>>> quotas) {
    /**
     * A topic.
     *
     * @param partitions empty where the number does not matter
     * @param configs its settings by key
     */
    public record TopicSpec(OptionalInt partitions, SortedMap<String, String> configs) {}

    /** A map of entities in the order in which people read them. */
    public static <V> SortedMap<QuotaEntity, V> order(Map<QuotaEntity, V> quotas) {
        SortedMap<QuotaEntity, V> sorted =
                new TreeMap<>(Comparator.comparing(QuotaEntity::toString));
        sorted.putAll(quotas);
        return sorted;
    }
}
