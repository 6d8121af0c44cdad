package io.leat.tests.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.admin.Differences.Difference;
import io.leat.tests.harness.KafkaBroker;
import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** The script gives the same answers at both brokers. */
class AdminComparisonTest {
    private static final int ROWS_MIN = 150;
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(5);
    private static final Map<String, String> SETTINGS =
            Map.of("auto.create.topics.enable", "false", "node.id", "1");

    @Test
    void sameResultsAndSameExceptions() {
        List<AdminRow> rows = AdminScript.rows();
        Set<String> names = new HashSet<>();
        rows.forEach(row -> assertTrue(names.add(row.name()), "twice: " + row.name()));
        assertTrue(rows.size() >= ROWS_MIN, rows.size() + " rows");
        assertTrue(
                names.containsAll(Differences.byRow().keySet()),
                "differences of rows that are not there");
        Map<String, String> leat = leat(rows);
        List<String> wrong = kafka(rows, leat);
        assertEquals("", String.join("\n", wrong));
    }

    private static Map<String, String> leat(List<AdminRow> rows) {
        Map<String, String> outcomes = new LinkedHashMap<>();
        try (TestBroker broker = new LeatBroker(SETTINGS)) {
            broker.start();
            try (Admin admin = admin(broker)) {
                rows.forEach(row -> outcomes.put(row.name(), row.outcome(admin)));
            }
        }
        return outcomes;
    }

    private static List<String> kafka(List<AdminRow> rows, Map<String, String> leat) {
        List<String> wrong = new ArrayList<>();
        try (TestBroker broker = new KafkaBroker(SETTINGS)) {
            broker.start();
            try (Admin admin = admin(broker)) {
                for (AdminRow row : rows) {
                    String ours = leat.get(row.name());
                    Difference known =
                            Differences.byRow()
                                    .getOrDefault(row.name(), new Difference(ours, ours, ""));
                    String theirs = settled(row, admin, known.kafka());
                    if (!known.kafka().equals(theirs) || !known.leat().equals(ours)) {
                        wrong.add(
                                "%s%n    kafka: %s%n    leat:  %s"
                                        .formatted(row.name(), theirs, ours));
                    }
                }
            }
        }
        return wrong;
    }

    /** A change is known everywhere in Kafka a little later: what only looks may look again. */
    private static String settled(AdminRow row, Admin admin, String expected) {
        long limit = System.nanoTime() + SETTLE_LIMIT.toNanos();
        String outcome = row.outcome(admin);
        while (!row.changes() && !outcome.equals(expected) && System.nanoTime() < limit) {
            Thread.onSpinWait();
            outcome = row.outcome(admin);
        }
        return outcome;
    }

    private static Admin admin(TestBroker broker) {
        return Admin.create(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "default.api.timeout.ms",
                        15_000,
                        "request.timeout.ms",
                        10_000,
                        "retries",
                        0));
    }
}
