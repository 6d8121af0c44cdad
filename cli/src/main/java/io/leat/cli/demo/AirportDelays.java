package io.leat.cli.demo;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A read model: delays by airport. Any thread may use it.
 *
 * <p>A group sees every record at least once: one whose offset was not committed when its partition
 * moved to another member comes again. The model remembers how far it is in each partition and
 * passes over what it has counted, so that it counts every record once.
 */
final class AirportDelays {
    private final Map<Integer, Long> nextOffsets = new HashMap<>();
    private final Map<String, AirportDelay> airports = new TreeMap<>();
    private long flights;

    /**
     * Counts a flight unless it has been.
     *
     * @param partition where it comes from
     * @param offset its place there; those of a partition come in ascending order, or again
     * @return whether it was new
     */
    synchronized boolean apply(int partition, long offset, Flight flight) {
        if (offset < nextOffsets.getOrDefault(partition, 0L)) {
            return false;
        }
        nextOffsets.put(partition, offset + 1);
        airports.merge(flight.origin(), AirportDelay.of(flight), AirportDelay::plus);
        flights++;
        return true;
    }

    /** How many flights have been counted. */
    synchronized long flights() {
        return flights;
    }

    /** What is known now, by airport. */
    synchronized Map<String, AirportDelay> byAirport() {
        return Map.copyOf(airports);
    }

    /**
     * The airports with the longest mean delay, the longest first.
     *
     * @param flightsMin leaves out airports with fewer flights, whose mean says little
     * @param count at most so many
     */
    synchronized List<AirportDelay> latest(long flightsMin, int count) {
        return airports.values().stream()
                .filter(airport -> airport.flights() >= flightsMin)
                .sorted(
                        Comparator.comparingDouble(AirportDelay::meanMinutes)
                                .reversed()
                                .thenComparing(AirportDelay::airport))
                .limit(count)
                .toList();
    }
}
