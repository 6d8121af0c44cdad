package io.leat.broker.quota;

import io.leat.broker.quota.QuotaTable.Limit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What each of those who share a quota has used, as long as it matters. Anybody may call himself
 * anything, so the number is bounded: with {@value #COUNT_MAX}, those that are idle are forgotten,
 * and where all are busy, all.
 */
final class Meters<M> {
    private static final int COUNT_MAX = 20_000;

    private final Map<QuotaEntity, M> meters = new ConcurrentHashMap<>();

    M of(Limit limit, Function<QuotaEntity, M> make, Predicate<M> idle) {
        M known = meters.get(limit.sharedBy());
        if (known != null) {
            return known;
        }
        if (meters.size() >= COUNT_MAX) {
            meters.values().removeIf(idle);
            if (meters.size() >= COUNT_MAX) {
                meters.clear();
            }
        }
        return meters.computeIfAbsent(limit.sharedBy(), make);
    }
}
