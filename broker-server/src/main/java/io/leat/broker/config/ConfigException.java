package io.leat.broker.config;

/** A configuration that cannot be used. The message is one line for people and names the key. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
