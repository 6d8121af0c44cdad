package io.leat.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AirportDelaysTest {
    private final AirportDelays model = new AirportDelays();

    @Test
    void addsUpByAirport() {
        model.apply(0, 0, new Flight("JFK", 10));
        model.apply(0, 1, new Flight("JFK", -4));
        model.apply(1, 0, new Flight("SFO", 7));
        assertEquals(
                Map.of(
                        "JFK", new AirportDelay("JFK", 2, 6, 10),
                        "SFO", new AirportDelay("SFO", 1, 7, 7)),
                model.byAirport());
        assertEquals(3, model.flights());
        assertEquals(3.0, model.byAirport().get("JFK").meanMinutes());
    }

    @Test
    void countsWhatComesAgainOnce() {
        assertTrue(model.apply(0, 5, new Flight("JFK", 10)));
        assertFalse(model.apply(0, 5, new Flight("JFK", 10)));
        assertFalse(model.apply(0, 4, new Flight("JFK", 10)));
        assertTrue(model.apply(1, 5, new Flight("JFK", 10)), "another partition");
        assertTrue(model.apply(0, 9, new Flight("JFK", 10)), "offsets may have gaps");
        assertEquals(3, model.flights());
    }

    @Test
    void ranksByMeanAndLeavesOutRareOnes() {
        for (int i = 0; i < 2; i++) {
            model.apply(0, 3 * (long) i, new Flight("AAA", 10));
            model.apply(0, 3 * i + 1, new Flight("BBB", 20));
            model.apply(0, 3 * i + 2, new Flight("CCC", 10));
        }
        model.apply(1, 0, new Flight("DDD", 500));
        assertEquals(List.of("BBB", "AAA", "CCC"), airports(model.latest(2, 5)));
        assertEquals(List.of("DDD", "BBB"), airports(model.latest(1, 2)));
    }

    private static List<String> airports(List<AirportDelay> delays) {
        return delays.stream().map(AirportDelay::airport).toList();
    }

    @Test
    void readsAFlight() {
        assertEquals(
                new Flight("DTW", -5),
                parse("{\"x\":{\"origin\":[1]},\"delay\":-5,\"origin\":\"DTW\",\"y\":null}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"origin\":\"DTW\"}",
                "{\"delay\":1}",
                "{\"delay\":\"late\",\"origin\":\"DTW\"}",
                "{\"delay\":1,\"origin\":\"DTW\""
            })
    void refusesWhatIsNoFlight(String text) {
        assertThrows(IllegalArgumentException.class, () -> parse(text));
    }

    @Test
    void sampleIsWhole() {
        List<String> lines = FlightSample.lines();
        assertEquals(FlightSample.COUNT, lines.size());
        for (String line : lines) {
            assertEquals(3, parse(line).origin().length(), line);
        }
    }

    private static Flight parse(String text) {
        return Flight.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
