package io.leat.broker.config;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was set at run time: texts by key. Immutable.
 *
 * @param forAllBrokers set for every broker; there is one, but tools set values in this way
 * @param forThisBroker set for this broker, and stronger
 */
public record DynamicConfig(
        SortedMap<String, String> forAllBrokers, SortedMap<String, String> forThisBroker) {
    public static final DynamicConfig NONE = new DynamicConfig(Map.of(), Map.of());

    public DynamicConfig(Map<String, String> forAllBrokers, Map<String, String> forThisBroker) {
        this(sorted(forAllBrokers), sorted(forThisBroker));
    }

    private static SortedMap<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
