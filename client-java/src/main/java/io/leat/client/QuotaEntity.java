package io.leat.client;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who a quota is for: a user, a client id, a user's client id, or an address.
 *
 * @param parts the names by type; an empty name stands for everybody of that type who has no quota
 *     of his own
 */
public record QuotaEntity(SortedMap<Type, Optional<String>> parts) {
    /** What names a client. */
    public enum Type {
        /** Who has authenticated. */
        USER("user"),
        /** What a client calls itself. */
        CLIENT_ID("client-id"),
        /** The address that a client connects from. */
        IP("ip");

        private final String wire;

        Type(String wire) {
            this.wire = wire;
        }

        /** Its name in Kafka's protocol and tools. */
        public String wire() {
            return wire;
        }

        static Optional<Type> of(String wire) {
            for (Type type : values()) {
                if (type.wire.equals(wire)) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }
    }

    public QuotaEntity {
        Check.that(!parts.isEmpty(), "a quota needs a user, a client id or an address");
        Check.that(
                !parts.containsKey(Type.IP) || parts.size() == 1,
                "an address has its quota alone, not with a user or client id");
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }

    /** An entity of these parts. */
    public static QuotaEntity of(Map<Type, Optional<String>> parts) {
        return new QuotaEntity(new TreeMap<>(parts));
    }

    /** A user with all his clients. */
    public static QuotaEntity user(String name) {
        return one(Type.USER, Optional.of(name));
    }

    /** Every user without a quota of his own, each by himself. */
    public static QuotaEntity anyUser() {
        return one(Type.USER, Optional.empty());
    }

    /** All clients that call themselves so. */
    public static QuotaEntity clientId(String name) {
        return one(Type.CLIENT_ID, Optional.of(name));
    }

    /** Every client id without a quota of its own, each by itself. */
    public static QuotaEntity anyClientId() {
        return one(Type.CLIENT_ID, Optional.empty());
    }

    /** An address. */
    public static QuotaEntity ip(String address) {
        return one(Type.IP, Optional.of(address));
    }

    /** Every address without a quota of its own, each by itself. */
    public static QuotaEntity anyIp() {
        return one(Type.IP, Optional.empty());
    }

    private static QuotaEntity one(Type type, Optional<String> name) {
        Map<Type, Optional<String>> parts = new EnumMap<>(Type.class);
        parts.put(type, name);
        return of(parts);
    }

    /** {@code user 'alice', client-id 'billing'}, as messages put it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        parts.forEach((type, name) ->
                text.append(text.length() == 0 ? "" : ", ")
                        .append(type.wire)
                        .append(name.map(known -> " '" + known + "'").orElse(" <default>")));
        return text.toString();
    }
}
