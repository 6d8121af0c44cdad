package io.leat.tests.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortTest {
    /** Whoever has a port may not listen there yet, or not just now. */
    @Test
    void noPortIsGivenTwice() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            int port = FreePort.next();
            assertTrue(ports.add(port), "port " + port + " twice");
        }
    }
}
