package io.leat.ops;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What is running.
 *
 * @param version of Leat, such as {@code 0.1.0}
 * @param java version of the JVM that runs it
 */
public record BuildInfo(String version, String java) {
    private static final String FILE = "build.properties";

    /** Reads what the build wrote down. */
    public static BuildInfo read() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing from the build");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildInfo(properties.getProperty("version"), Runtime.version().toString());
    }
}
