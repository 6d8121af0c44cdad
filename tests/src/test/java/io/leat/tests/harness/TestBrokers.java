package io.leat.tests.harness;

import java.util.Map;

/** Chooses the broker that the tests run against. */
public final class TestBrokers {
    private TestBrokers() {}

    /** A started broker with Kafka's defaults. */
    public static TestBroker start() {
        return start(Map.of());
    }

    /**
     * A started broker: Leat, or Apache Kafka when {@code -Dleat.tests.broker=kafka} is given.
     *
     * @param settings broker configuration, by Kafka's names
     */
    public static TestBroker start(Map<String, String> settings) {
        TestBroker broker =
                switch (System.getProperty("leat.tests.broker", "leat")) {
                    case "leat" -> new LeatBroker(settings);
                    case "kafka" -> new KafkaBroker(settings);
                    case String other ->
                            throw new IllegalArgumentException("leat.tests.broker: " + other);
                };
        try {
            broker.start();
            return broker;
        } catch (Throwable e) {
            broker.close();
            throw e;
        }
    }
}
