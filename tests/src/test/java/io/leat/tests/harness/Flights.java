package io.leat.tests.harness;

import io.leat.cli.demo.FlightSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The sample data: 20,000 real flights, one JSON object a line, keyed by the airport of origin. */
public final class Flights {
    public static final int COUNT = FlightSample.COUNT;
    private static final Pattern ORIGIN = Pattern.compile("\"origin\":\"([A-Z]{3})\"");

    /** One flight as it is sent: key and value. */
    public record Flight(String origin, String line) {}

    private Flights() {}

    public static List<Flight> all() {
        return FlightSample.lines().stream().map(Flights::flight).toList();
    }

    /** Writes {@code key, tab, value} lines for clients that are not in this JVM. */
    public static Path writeTo(Path file) {
        try {
            return Files.writeString(
                    file,
                    all().stream()
                            .map(flight -> flight.origin() + "\t" + flight.line() + "\n")
                            .collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Flight flight(String line) {
        Matcher matcher = ORIGIN.matcher(line);
        if (!matcher.find()) {
            throw new IllegalStateException("no origin in " + line);
        }
        return new Flight(matcher.group(1), line);
    }
}
