package io.leat.broker.quota;

import java.util.Arrays;
import java.util.Optional;

/** What names a client, in the order in which entities are shown. */
public enum EntityType {
    USER("user"),
    CLIENT_ID("client-id"),
    IP("ip");

    private final String key;

    EntityType(String key) {
        this.key = key;
    }

    static Optional<EntityType> of(String key) {
        return Arrays.stream(values()).filter(type -> type.key.equals(key)).findFirst();
    }

    /** The name in the protocol. */
    public String key() {
        return key;
    }
}
