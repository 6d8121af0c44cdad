package io.leat.client;

import java.util.Objects;

/**
 * What has settings.
 *
 * @param type a topic or a broker
 * @param name the topic's name or the broker's id; empty for what all brokers have in common
 */
public record ConfigResource(Type type, String name) {
    /** What a setting belongs to. */
    public enum Type {
        /** A topic. */
        TOPIC((byte) 2),
        /** A broker, or all. */
        BROKER((byte) 4);

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

    /** What all brokers have in common. */
    public static ConfigResource allBrokers() {
        return new ConfigResource(Type.BROKER, "");
    }

    /** {@code topic 'flights'}, as messages put it. */
    @Override
    public String toString() {
        if (type == Type.TOPIC) {
            return "topic '" + name + "'";
        }
        return name.isEmpty() ? "all brokers" : "broker " + name;
    }
}
