package io.leat.client;

import java.util.Optional;

/**
 * A setting.
 *
 * @param name its key, such as {@code retention.ms}
 * @param value its value; empty if it has none or is a secret
 * @param source where the value comes from
 * @param readOnly whether it cannot be changed while the broker runs
 * @param sensitive whether it is a secret
 */
public record ConfigEntry(
        String name, Optional<String> value, Source source, boolean readOnly, boolean sensitive) {
    /** Where a value comes from, the nearest first. */
    public enum Source {
        /** Set for the topic. */
        TOPIC(1),
        /** Set for the broker while it runs. */
        BROKER(2),
        /** Set for all brokers while they run. */
        ALL_BROKERS(3),
        /** From the broker's file or command line. */
        STATIC(4),
        /** What holds when nothing is set. */
        DEFAULT(5),
        /** Set for the subscription to metrics. */
        CLIENT_METRICS(7),
        /** Set for the group. */
        GROUP(8),
        /** Of another kind. */
        OTHER(0);

        private final int wire;

        Source(int wire) {
            this.wire = wire;
        }

        static Source of(int wire) {
            for (Source source : values()) {
                if (source.wire == wire) {
                    return source;
                }
            }
            return OTHER;
        }
    }

    /** Whether nobody has set it. */
    public boolean isDefault() {
        return source == Source.DEFAULT;
    }
}
