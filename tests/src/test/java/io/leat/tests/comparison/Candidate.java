package io.leat.tests.comparison;

import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.TestBroker;
import java.util.Map;

/** A broker as it is shipped, but for the settings that a workload names. */
enum Candidate {
    KAFKA {
        @Override
        TestBroker create(Map<String, String> settings) {
            return new ShippedKafka(settings);
        }
    },
    LEAT {
        @Override
        TestBroker create(Map<String, String> settings) {
            return new LeatBroker(settings);
        }
    };

    /** One that is not started, on an empty data directory. */
    abstract TestBroker create(Map<String, String> settings);
}
