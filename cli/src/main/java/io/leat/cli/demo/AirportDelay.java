package io.leat.cli.demo;

/**
 * How late flights leave an airport.
 *
 * @param airport three letters
 * @param flights how many there were
 * @param totalMinutes the sum of their delays; those that were early count less than nothing
 * @param worstMinutes the longest of their delays
 */
record AirportDelay(String airport, long flights, long totalMinutes, int worstMinutes) {
    static AirportDelay of(Flight flight) {
        return new AirportDelay(flight.origin(), 1, flight.delayMinutes(), flight.delayMinutes());
    }

    /** Both together; of the same airport. */
    AirportDelay plus(AirportDelay other) {
        return new AirportDelay(
                airport,
                flights + other.flights,
                totalMinutes + other.totalMinutes,
                Math.max(worstMinutes, other.worstMinutes));
    }

    double meanMinutes() {
        return (double) totalMinutes / flights;
    }
}
