package io.leat.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LikenessTest {
    @ParameterizedTest
    @CsvSource({
        "orders, orders, 0",
        "ordres, orders, 1",
        "oders,  orders, 1",
        "orderss, orders, 1",
        "0rders, orders, 1",
        "'', orders, 6",
        "kitten, sitting, 3"
    })
    void countsCorrections(String from, String to, int corrections) {
        assertEquals(corrections, Likeness.corrections(from, to));
        assertEquals(corrections, Likeness.corrections(to, from));
    }

    @Test
    void findsTheNearestAndNothingFarFetched() {
        List<String> names = List.of("orders", "order-lines", "payments", "a");
        assertEquals(Optional.of("orders"), Likeness.nearest("ordres", names));
        assertEquals(Optional.of("orders"), Likeness.nearest("ORDERS", names));
        assertEquals(Optional.of("order-lines"), Likeness.nearest("orderlines", names));
        assertEquals(Optional.empty(), Likeness.nearest("customers", names));
        assertEquals(Optional.empty(), Likeness.nearest("orders", List.of()));
    }
}
