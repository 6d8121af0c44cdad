package io.leat.client;

import java.util.Locale;

/** By which protocol a group lives. */
public enum GroupType {
    /** Members share out partitions among themselves; also a group that only has offsets. */
    CLASSIC,
    /** The broker shares out the partitions (KIP-848). */
    CONSUMER,
    /** Members read the same partitions as a queue (KIP-932). */
    SHARE,
    /** Kafka Streams, with tasks that the broker assigns (KIP-1071). */
    STREAMS,
    /** One that this client does not know, or the broker does not say. */
    UNKNOWN;

    /** The type that brokers name so. */
    static GroupType of(String name) {
        for (GroupType type : values()) {
            if (type.toString().equalsIgnoreCase(name)) {
                return type;
            }
        }
        return UNKNOWN;
    }

    /** The name as brokers and Kafka's tools write it, such as {@code share}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
