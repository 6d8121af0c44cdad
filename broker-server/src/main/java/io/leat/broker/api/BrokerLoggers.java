package io.leat.broker.api;

import io.leat.broker.config.ConfigKey;
import io.leat.broker.config.ConfigSource;
import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much the broker logs (KIP-412): its root logger, to be looked at. SLF4J does not change
 * levels; they are set at start.
 */
public final class BrokerLoggers implements ConfigDomain {
    public static final byte TYPE = 8;

    private final String name;

    public BrokerLoggers(int nodeId) {
        this.name = Integer.toString(nodeId);
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public Collection<String> names() {
        return List.of(name);
    }

    @Override
    public List<ConfigValue> describe(String broker) {
        check(broker);
        String level = level(LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME));
        ConfigKey<String> root =
                ConfigKey.string("root", level, "The least severe events that are logged.");
        return List.of(
                new ConfigValue(root, level, ConfigSource.DYNAMIC_BROKER_LOGGER, true, List.of()));
    }

    private static String level(Logger logger) {
        if (logger.isTraceEnabled()) {
            return "TRACE";
        }
        if (logger.isDebugEnabled()) {
            return "DEBUG";
        }
        if (logger.isInfoEnabled()) {
            return "INFO";
        }
        return logger.isWarnEnabled() ? "WARN" : "ERROR";
    }

    @Override
    public void alter(String broker, ConfigUpdate update, boolean validateOnly) {
        check(broker);
        throw new TopicException(
                ErrorCode.INVALID_REQUEST,
                "Levels of loggers are read at start; set them there, as with"
                        + " -Dorg.slf4j.simpleLogger.defaultLogLevel=debug");
    }

    private void check(String broker) {
        if (!broker.equals(name)) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST, "There is no broker '" + broker + "', only " + name);
        }
    }
}
