package io.leat.broker.api;

import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The types of resources that have configurations. Filled where the broker is composed. */
public final class ConfigDomains {
    private final Map<Byte, ConfigDomain> byType = new TreeMap<>();

    public ConfigDomains add(ConfigDomain domain) {
        if (byType.putIfAbsent(domain.type(), domain) != null) {
            throw new IllegalStateException("type " + domain.type() + " is there already");
        }
        return this;
    }

    /** All of them, by type. */
    public Collection<ConfigDomain> all() {
        return byType.values();
    }

    /**
     * The configurations of a type.
     *
     * @throws TopicException INVALID_REQUEST
     */
    ConfigDomain known(byte type) {
        ConfigDomain domain = byType.get(type);
        if (domain == null) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST,
                    "Resources of type %d have no configuration here".formatted(type));
        }
        return domain;
    }
}
