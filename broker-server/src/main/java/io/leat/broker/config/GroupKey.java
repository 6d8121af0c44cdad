package io.leat.broker.config;

import java.util.Optional;

/**
 * A key that is set on single groups.
 *
 * @param key the group's key
 * @param synonym the broker's key that gives its default; empty where Kafka has none
 * @param bounds what the broker allows, where it says so
 */
public record GroupKey<T>(
        ConfigKey<T> key, Optional<ConfigKey<T>> synonym, Optional<Bounds<T>> bounds) {
    /** Keys of the broker between whose values, inclusive, a group's value lies. */
    public record Bounds<T>(Optional<ConfigKey<T>> min, Optional<ConfigKey<T>> max) {}

    public String name() {
        return key.name();
    }

    /** The group's default on a broker so configured. */
    public T resolve(BrokerConfig broker) {
        return synonym.isPresent() ? broker.get(synonym.get()) : key.defaultValue();
    }

    /** {@code value}, or the nearest that the broker allows. */
    public T clamp(T value, BrokerConfig broker) {
        T low = bounds.flatMap(Bounds::min).map(broker::get).orElse(value);
        T high = bounds.flatMap(Bounds::max).map(broker::get).orElse(value);
        return less(value, low) ? low : less(high, value) ? high : value;
    }

    /**
     * Checks a value against the broker's bounds.
     *
     * @throws ConfigException naming the bound and the broker's key that sets it
     */
    public void check(T value, BrokerConfig broker) {
        bounds.flatMap(Bounds::min)
                .filter(min -> less(value, broker.get(min)))
                .ifPresent(min -> refuse(value, "at least", min, broker));
        bounds.flatMap(Bounds::max)
                .filter(max -> less(broker.get(max), value))
                .ifPresent(max -> refuse(value, "at most", max, broker));
    }

    private void refuse(T value, String how, ConfigKey<T> bound, BrokerConfig broker) {
        throw new ConfigException(
                "Invalid value '%s' for %s: this broker allows %s %s (%s)"
                        .formatted(
                                key.format(value), name(), how, broker.text(bound), bound.name()));
    }

    @SuppressWarnings("unchecked") // bounds stand at keys of numbers alone
    private static <T> boolean less(T a, T b) {
        return a instanceof Comparable<?> && ((Comparable<T>) a).compareTo(b) < 0;
    }

    static <T> GroupKey<T> of(ConfigKey<T> key) {
        return new GroupKey<>(key, Optional.empty(), Optional.empty());
    }

    static <T> GroupKey<T> of(ConfigKey<T> key, ConfigKey<T> broker) {
        return new GroupKey<>(key, Optional.of(broker), Optional.empty());
    }

    GroupKey<T> between(ConfigKey<T> min, ConfigKey<T> max) {
        return new GroupKey<>(
                key, synonym, Optional.of(new Bounds<>(Optional.of(min), Optional.of(max))));
    }

    GroupKey<T> atMost(ConfigKey<T> max) {
        return new GroupKey<>(
                key, synonym, Optional.of(new Bounds<>(Optional.empty(), Optional.of(max))));
    }

    GroupKey<T> atLeast(ConfigKey<T> min) {
        return new GroupKey<>(
                key, synonym, Optional.of(new Bounds<>(Optional.of(min), Optional.empty())));
    }
}
