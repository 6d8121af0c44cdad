package io.leat.ops.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFormatTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | PROMETHEUS",
                "'' | PROMETHEUS",
                "*/* | PROMETHEUS",
                "text/html,*/*;q=0.8 | PROMETHEUS",
                "text/plain | PROMETHEUS",
                "application/openmetrics-text | OPEN_METRICS",
                "Application/OpenMetrics-Text; version=1.0.0 | OPEN_METRICS",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3 |"
                        + " OPEN_METRICS",
                "application/openmetrics-text;q=0.3,text/plain;q=0.5 | PROMETHEUS",
                "application/openmetrics-text;q=0 | PROMETHEUS",
                "application/openmetrics-text;q=x | PROMETHEUS",
                ";,;;q= | PROMETHEUS",
            })
    void choosesWhatTheHeaderWeighsHighest(String accept, TextFormat expected) {
        assertEquals(expected, TextFormat.preferred(accept));
    }
}
