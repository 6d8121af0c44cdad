package io.leat.tests.sdk;

import io.leat.tests.harness.LeatBroker;
import java.util.Map;

/** One Leat for all contracts: each of their tests makes its own topics and groups. */
final class SharedLeat {
    private static final LeatBroker LEAT =
            new LeatBroker(Map.of("auto.create.topics.enable", "false"));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(LEAT::close, "stop-leat"));
        LEAT.start();
    }

    private SharedLeat() {}

    static String bootstrap() {
        return LEAT.bootstrap();
    }
}
