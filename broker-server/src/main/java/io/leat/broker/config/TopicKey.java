package io.leat.broker.config;

import java.util.List;

/**
 * A topic's key with the broker's keys that give its default, the strongest first.
 *
 * @param key the topic's key
 * @param synonyms the broker's keys; empty where Kafka has none
 */
public record TopicKey<T>(ConfigKey<T> key, List<Synonym<T>> synonyms) {
    /**
     * A key of the broker that gives a topic's key its default.
     *
     * @param key the broker's key
     * @param unit what one of it is worth in the topic's key: 3,600,000 for hours of milliseconds
     */
    public record Synonym<T>(ConfigKey<T> key, long unit) {
        @SuppressWarnings("unchecked") // a unit other than 1 stands at keys of Long alone
        T scale(T value) {
            return unit == 1 || !(value instanceof Long amount)
                    ? value
                    : (T) (Long) (amount < 0 ? amount : Math.multiplyExact(amount, unit));
        }
    }

    public String name() {
        return key.name();
    }

    /** The topic's default on a broker so configured. */
    public T resolve(BrokerConfig broker) {
        for (Synonym<T> synonym : synonyms) {
            if (broker.isSet(synonym.key())) {
                return synonym.scale(broker.get(synonym.key()));
            }
        }
        return key.defaultValue();
    }

    static <T> TopicKey<T> of(ConfigKey<T> key) {
        return new TopicKey<>(key, List.of());
    }

    static <T> TopicKey<T> of(ConfigKey<T> key, String brokerName) {
        return new TopicKey<>(key, List.of(new Synonym<>(renamed(key, brokerName), 1)));
    }

    /** With {@code prefix}.ms, {@code prefix}.minutes and {@code prefix}.hours on the broker. */
    static TopicKey<Long> ofTime(ConfigKey<Long> key, String prefix) {
        return new TopicKey<>(
                key,
                List.of(
                        new Synonym<>(renamed(key, prefix + ".ms"), 1),
                        new Synonym<>(inUnits(key, prefix + ".minutes", 60_000), 60_000),
                        new Synonym<>(inUnits(key, prefix + ".hours", 3_600_000), 3_600_000)));
    }

    private static <T> ConfigKey<T> renamed(ConfigKey<T> key, String name) {
        return new ConfigKey<>(
                name,
                key.type(),
                key.defaultValue(),
                "Default of the topic config " + key.name() + ". " + key.documentation(),
                key.range(),
                key.reader());
    }

    private static ConfigKey<Long> inUnits(ConfigKey<Long> key, String name, long unit) {
        return ConfigKey.longInteger(
                        name,
                        key.defaultValue() / unit,
                        -1,
                        "Default of the topic config "
                                + key.name()
                                + ", in "
                                + name.substring(name.lastIndexOf('.') + 1)
                                + ".")
                .readBy(
                        "-1 to " + Long.MAX_VALUE / unit,
                        text ->
                                ConfigKey.readLong(
                                        text, -1, Long.MAX_VALUE / unit, Long.MAX_VALUE));
    }
}
