package io.leat.broker.config;

/** Where a value comes from, as the protocol numbers it (KIP-226), the strongest first. */
public enum ConfigSource {
    TOPIC(1),
    /** Set at run time for this broker. */
    DYNAMIC_BROKER(2),
    /** Set at run time for all brokers. */
    DYNAMIC_DEFAULT_BROKER(3),
    /** Set at start, by a file or the command line. */
    STATIC_BROKER(4),
    DEFAULT(5),
    DYNAMIC_BROKER_LOGGER(6),
    CLIENT_METRICS(7),
    GROUP(8);

    private final byte code;

    ConfigSource(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }
}
