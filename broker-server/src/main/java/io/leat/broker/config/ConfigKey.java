package io.leat.broker.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A key of the configuration: its name, type, default, range and meaning.
 *
 * @param name as in files, on the command line and in the protocol; Kafka's where Kafka has one
 * @param type the type of its value
 * @param defaultValue what holds where nothing is set
 * @param documentation one sentence or two for people
 * @param range what values it takes, for people; empty when any of the type
 * @param reader reads a trimmed text; throws IllegalArgumentException with what would be right
 */
public record ConfigKey<T>(
        String name,
        ConfigType type,
        T defaultValue,
        String documentation,
        String range,
        Function<String, T> reader) {

    public static ConfigKey<Boolean> bool(String name, boolean defaultValue, String documentation) {
        return new ConfigKey<>(
                name, ConfigType.BOOLEAN, defaultValue, documentation, "", ConfigKey::readBoolean);
    }

    public static ConfigKey<Integer> integer(
            String name, int defaultValue, int min, int max, String documentation) {
        return new ConfigKey<>(
                name,
                ConfigType.INT,
                defaultValue,
                documentation,
                range(min, max, Integer.MAX_VALUE),
                text -> (int) readLong(text, min, max, Integer.MAX_VALUE));
    }

    public static ConfigKey<Long> longInteger(
            String name, long defaultValue, long min, String documentation) {
        return new ConfigKey<>(
                name,
                ConfigType.LONG,
                defaultValue,
                documentation,
                range(min, Long.MAX_VALUE, Long.MAX_VALUE),
                text -> readLong(text, min, Long.MAX_VALUE, Long.MAX_VALUE));
    }

    public static ConfigKey<Double> fraction(
            String name, double defaultValue, String documentation) {
        return new ConfigKey<>(
                name,
                ConfigType.DOUBLE,
                defaultValue,
                documentation,
                "0 to 1",
                ConfigKey::readFraction);
    }

    public static ConfigKey<String> string(String name, String defaultValue, String documentation) {
        return new ConfigKey<>(
                name, ConfigType.STRING, defaultValue, documentation, "", text -> text);
    }

    /** A text that is never shown. */
    public static ConfigKey<String> secret(String name, String documentation) {
        return new ConfigKey<>(name, ConfigType.PASSWORD, "", documentation, "", text -> text);
    }

    public static ConfigKey<String> choice(
            String name, String defaultValue, List<String> choices, String documentation) {
        return new ConfigKey<>(
                name,
                ConfigType.STRING,
                defaultValue,
                documentation,
                "one of " + String.join(", ", choices),
                text -> readChoice(text, choices));
    }

    /** A comma-separated list, each element read by {@code element}. */
    public static ConfigKey<List<String>> list(
            String name,
            List<String> defaultValue,
            Function<String, String> element,
            String range,
            String documentation) {
        return new ConfigKey<>(
                name,
                ConfigType.LIST,
                defaultValue,
                documentation,
                range,
                text -> readList(text, element));
    }

    /** The same key with a narrower reader. */
    public ConfigKey<T> readBy(String newRange, Function<String, T> newReader) {
        return new ConfigKey<>(name, type, defaultValue, documentation, newRange, newReader);
    }

    /**
     * Reads a value.
     *
     * @throws ConfigException naming the key, the value and what would be right
     */
    public T parse(String text) {
        try {
            return reader.apply(text.strip());
        } catch (IllegalArgumentException e) {
            String shown = secret() ? "Invalid value" : "Invalid value '" + text + "'";
            throw new ConfigException(shown + " for " + name + ": " + e.getMessage());
        }
    }

    /** Whether its values are never shown. */
    public boolean secret() {
        return type == ConfigType.PASSWORD;
    }

    /** The text that {@link #parse} reads as {@code value}; nothing of a secret. */
    public String format(T value) {
        if (secret()) {
            return "[hidden]";
        }
        return value instanceof List<?> list
                ? String.join(",", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    public String defaultText() {
        return format(defaultValue);
    }

    private static Boolean readBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        };
    }

    static long readLong(String text, long min, long max, long widest) {
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a whole number", e);
        }
        if (value < min || value > max) {
            throw new IllegalArgumentException("expected " + range(min, max, widest));
        }
        return value;
    }

    private static String range(long min, long max, long widest) {
        return max == widest ? min + " or more" : min + " to " + max;
    }

    private static Double readFraction(String text) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number", e);
        }
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("expected 0 to 1");
        }
        return value;
    }

    private static String readChoice(String text, List<String> choices) {
        if (!choices.contains(text)) {
            throw new IllegalArgumentException("expected one of " + String.join(", ", choices));
        }
        return text;
    }

    private static List<String> readList(String text, Function<String, String> element) {
        if (text.isEmpty()) {
            return List.of();
        }
        return Arrays.stream(text.split(",", -1)).map(String::strip).map(element).toList();
    }
}
