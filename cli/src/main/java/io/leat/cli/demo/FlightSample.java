package io.leat.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Real events: 20,000 domestic flights in the USA in 2001 in the order of their departure, one JSON
 * object each with {@code date}, {@code delay} in minutes, {@code distance}, {@code origin} and
 * {@code destination}. Published by the US Bureau of Transportation Statistics, in the public
 * domain.
 */
public final class FlightSample {
    public static final int COUNT = 20_000;

    private static final String RESOURCE = "flights.ndjson.gz";

    private FlightSample() {}

    /** All of them. */
    public static List<String> lines() {
        try (InputStream packed = FlightSample.class.getResourceAsStream(RESOURCE)) {
            if (packed == null) {
                throw new IllegalStateException("no " + RESOURCE + " in the distribution");
            }
            byte[] text = new GZIPInputStream(packed).readAllBytes();
            return new String(text, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
