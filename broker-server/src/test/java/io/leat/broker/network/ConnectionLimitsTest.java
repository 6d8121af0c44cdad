package io.leat.broker.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.config.BrokerConfig;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

    private static ConnectionLimits limits(OptionalInt openFilesMax, String maxConnections) {
        return new ConnectionLimits(
                BrokerConfig.load(null, Map.of("max.connections", maxConnections)), openFilesMax);
    }

    private static Optional<String> fill(ConnectionLimits limits, int count) {
        for (int i = 0; i < count; i++) {
            assertEquals(Optional.empty(), limits.admit(ADDRESS));
        }
        return limits.admit(ADDRESS);
    }

    @Test
    void aQuarterOfTheOpenFilesIsNotForConnections() {
        ConnectionLimits limits = limits(OptionalInt.of(400), "100000");
        String why = fill(limits, 300).orElseThrow();
        assertTrue(why.contains("300 connections") && why.contains("ulimit -n"), why);
        limits.release(ADDRESS);
        limits.release(ADDRESS);
        assertEquals(Optional.empty(), limits.admit(ADDRESS));
    }

    @Test
    void whatIsConfiguredHoldsWhereItIsLess() {
        assertEquals(Optional.of("max.connections=7"), fill(limits(OptionalInt.of(400), "7"), 7));
        assertEquals(Optional.of("max.connections=7"), fill(limits(OptionalInt.empty(), "7"), 7));
    }

    @Test
    void theSystemTellsItsLimit() {
        assertEquals(
                OptionalInt.of(20_000),
                OpenFiles.max(
                        """
                        Limit                     Soft Limit           Hard Limit           Units
                        Max processes             96000                96000                processes
                        Max open files            20000                1048576              files
                        """));
        assertEquals(
                OptionalInt.empty(),
                OpenFiles.max("Max open files            unlimited            unlimited    files"));
    }
}
