package io.leat.client;

import java.util.Objects;

/**
 * What has settings.
 *
 * @param type a topic, a broker, a subscription to metrics or a group
 * @param name the name, or the broker's id; empty for what all brokers have in common
 */
public record ConfigResource(Type type, String name) {
    /** What a setting belongs to. */
    public enum Type {
        /** A topic. */
        TOPIC((byte) 2),
        /** A broker, or all. */
        BROKER((byte) 4),
        /** A subscription to metrics of clients. */
        CLIENT_METRICS((byte) 16),
        /** A group. */
        GROUP((byte) 32);

        private final byte wire;

        Type(byte wire) {
            this.wire = wire;
        }

        byte wire() {
            return wire;
        }
    }

    public ConfigResource {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
    }

    /** The settings of a topic. */
    public static ConfigResource topic(String name) {
        return new ConfigResource(Type.TOPIC, name);
    }

    /** The settings of one broker. */
    public static ConfigResource broker(int id) {
        return new ConfigResource(Type.BROKER, Integer.toString(id));
    }

    /** The settings of a group. */
    public static ConfigResource group(String groupId) {
        return new ConfigResource(Type.GROUP, groupId);
    }

    /** What all brokers have in common. */
    public static ConfigResource allBrokers() {
        return new ConfigResource(Type.BROKER, "");
    }

    /** {@code topic 'flights'}, as messages put it. */
    @Override
    public String toString() {
        return switch (type) {
            case TOPIC -> "topic '" + name + "'";
            case BROKER -> name.isEmpty() ? "all brokers" : "broker " + name;
            case CLIENT_METRICS -> "client metrics '" + name + "'";
            case GROUP -> "group '" + name + "'";
        };
    }
}
