package io.leat.broker.config;

/** The type of a key's value, with its code in DescribeConfigs (KIP-569). */
public enum ConfigType {
    BOOLEAN(1),
    STRING(2),
    INT(3),
    LONG(5),
    DOUBLE(6),
    LIST(7),
    /** A secret: it is never shown. */
    PASSWORD(9);

    private final byte code;

    ConfigType(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }
}
