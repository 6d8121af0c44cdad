package io.leat.client;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The quotas of an entity.
 *
 * @param values by Kafka's names, such as {@code producer_byte_rate}
 */
public record QuotaListing(QuotaEntity entity, SortedMap<String, Double> values) {
    public QuotaListing {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    static QuotaListing of(QuotaEntity entity, Map<String, Double> values) {
        return new QuotaListing(entity, new TreeMap<>(values));
    }
}
