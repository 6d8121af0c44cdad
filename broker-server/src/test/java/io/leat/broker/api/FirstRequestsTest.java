package io.leat.broker.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;

/** A thread that fails beside the start would only show in slow first requests. */
class FirstRequestsTest {
    @Test
    void allOfThemAreMessages() {
        assertDoesNotThrow(FirstRequests::derive);
    }
}
