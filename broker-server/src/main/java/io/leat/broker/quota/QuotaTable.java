package io.leat.broker.quota;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The quotas that are set. Immutable.
 *
 * <p>Of several that fit a client the first in this order holds, as in Apache Kafka (KIP-55): user
 * with client id, user with default client id, user; default user with client id, default user with
 * default client id, default user; client id, default client id. A quota of a user is shared by all
 * his clients, one of a client id by all that call themselves so, and one of both by those alone.
 */
final class QuotaTable {
    static final QuotaTable EMPTY = new QuotaTable(Map.of());

    private final Map<QuotaEntity, Map<QuotaKind, Double>> quotas;
    private final Set<QuotaKind> kinds;

    QuotaTable(Map<QuotaEntity, Map<QuotaKind, Double>> quotas) {
        Map<QuotaEntity, Map<QuotaKind, Double>> copy = new HashMap<>();
        Set<QuotaKind> set = EnumSet.noneOf(QuotaKind.class);
        quotas.forEach((entity, values) -> {
            if (!values.isEmpty()) {
                copy.put(entity, Collections.unmodifiableMap(new EnumMap<>(values)));
                set.addAll(values.keySet());
            }
        });
        this.quotas = Map.copyOf(copy);
        this.kinds = set;
    }

    /**
     * A quota that holds for somebody.
     *
     * @param sharedBy who uses it up together
     */
    record Limit(QuotaEntity sharedBy, double value) {}

    Map<QuotaEntity, Map<QuotaKind, Double>> all() {
        return quotas;
    }

    /** Whether anybody has a quota of that kind. */
    boolean has(QuotaKind kind) {
        return kinds.contains(kind);
    }

    /** The quota of a client, if it has one. */
    Optional<Limit> of(QuotaKind kind, String userName, String clientId) {
        Optional<String> user = Optional.of(userName);
        Optional<String> client = Optional.of(clientId);
        Optional<String> any = Optional.empty();
        QuotaEntity both = QuotaEntity.ofBoth(user, client);
        QuotaEntity userOnly = QuotaEntity.ofUser(user);
        QuotaEntity clientOnly = QuotaEntity.ofClient(client);
        record Candidate(QuotaEntity entity, QuotaEntity sharedBy) {}
        for (Candidate candidate :
                List.of(
                        new Candidate(both, both),
                        new Candidate(QuotaEntity.ofBoth(user, any), both),
                        new Candidate(userOnly, userOnly),
                        new Candidate(QuotaEntity.ofBoth(any, client), both),
                        new Candidate(QuotaEntity.ofBoth(any, any), both),
                        new Candidate(QuotaEntity.ofUser(any), userOnly),
                        new Candidate(clientOnly, clientOnly),
                        new Candidate(QuotaEntity.ofClient(any), clientOnly))) {
            Optional<Double> value = value(candidate.entity(), kind);
            if (value.isPresent()) {
                return Optional.of(new Limit(candidate.sharedBy(), value.get()));
            }
        }
        return Optional.empty();
    }

    /** The quota of an address, if it has one. */
    Optional<Limit> ofAddress(QuotaKind kind, String address) {
        QuotaEntity own = QuotaEntity.ofAddress(Optional.of(address));
        return value(own, kind)
                .or(() -> value(QuotaEntity.ofAddress(Optional.empty()), kind))
                .map(value -> new Limit(own, value));
    }

    private Optional<Double> value(QuotaEntity entity, QuotaKind kind) {
        Map<QuotaKind, Double> values = quotas.get(entity);
        return values == null ? Optional.empty() : Optional.ofNullable(values.get(kind));
    }
}
