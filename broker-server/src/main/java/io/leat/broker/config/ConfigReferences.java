package io.leat.broker.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values that stand elsewhere, so that no secret need stand in a configuration or on a command
 * line; the syntax of Kafka's config providers (KIP-297):
 *
 * <pre>
 * ${env:NAME}              an environment variable
 * ${file:PATH}             a file's text, without white space around it
 * ${file:PATH:KEY}         a key of a properties file
 * ${directory:PATH:NAME}   a file in a directory, as orchestrators mount secrets
 * </pre>
 */
public final class ConfigReferences {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{(env|file|directory):([^}]*)\\}");

    private ConfigReferences() {}

    /**
     * Puts in what {@code text} refers to.
     *
     * @param name the key that it is the value of, for errors
     * @throws ConfigException when it is not there; names the place, never a value
     */
    public static String resolve(String name, String text) {
        if (!text.contains("${")) {
            return text;
        }
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder resolved = new StringBuilder();
        while (matcher.find()) {
            String value = value(name, matcher.group(1), matcher.group(2));
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(resolved).toString();
    }

    private static String value(String name, String provider, String place) {
        if (provider.equals("env")) {
            String variable = place.startsWith(":") ? place.substring(1) : place;
            String value = System.getenv(variable);
            if (value == null) {
                throw new ConfigException(
                        name + " refers to the environment variable " + variable + ", not set");
            }
            return value;
        }
        int colon = place.lastIndexOf(':');
        if (provider.equals("directory")) {
            if (colon < 0) {
                throw new ConfigException(name + " needs ${directory:PATH:NAME}");
            }
            Path file = Path.of(place.substring(0, colon), place.substring(colon + 1));
            return read(name, file).strip();
        }
        if (colon < 0) {
            return read(name, Path.of(place)).strip();
        }
        Properties properties = new Properties();
        Path file = Path.of(place.substring(0, colon));
        String key = place.substring(colon + 1);
        try {
            properties.load(new StringReader(read(name, file)));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException(name + " refers to " + file + ", no properties file");
        }
        String value = properties.getProperty(key);
        if (value == null) {
            throw new ConfigException(
                    name + " refers to " + key + " in " + file + ", which does not have it");
        }
        return value;
    }

    private static String read(String name, Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigException(
                    name + " refers to the file " + file + ", which cannot be read");
        }
    }
}
