package io.leat.broker.quota;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who a quota is for: a user, a client id, both together, or an address.
 *
 * @param parts the names by type, an address's in its canonical spelling; an empty name is the
 *     default of its type, for everybody without a quota of his own
 */
public record QuotaEntity(SortedMap<EntityType, Optional<String>> parts) {
    public QuotaEntity {
        SortedMap<EntityType, Optional<String>> named = new TreeMap<>(parts);
        named.computeIfPresent(EntityType.IP, (type, name) -> name.map(Addresses::canonical));
        parts = Collections.unmodifiableSortedMap(named);
    }

    /** The name of a type; empty where it is the default, or not named. */
    Optional<String> name(EntityType type) {
        return parts.getOrDefault(type, Optional.empty());
    }

    static QuotaEntity of(Map<EntityType, Optional<String>> parts) {
        return new QuotaEntity(new TreeMap<>(parts));
    }

    static QuotaEntity ofUser(Optional<String> user) {
        return of(Map.of(EntityType.USER, user));
    }

    static QuotaEntity ofClient(Optional<String> clientId) {
        return of(Map.of(EntityType.CLIENT_ID, clientId));
    }

    static QuotaEntity ofBoth(Optional<String> user, Optional<String> clientId) {
        return of(Map.of(EntityType.USER, user, EntityType.CLIENT_ID, clientId));
    }

    static QuotaEntity ofAddress(Optional<String> address) {
        return of(Map.of(EntityType.IP, address));
    }
}
