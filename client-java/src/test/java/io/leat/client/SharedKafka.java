package io.leat.client;

import io.leat.client.kafka.KafkaProcess;
import java.time.Duration;
import java.util.Map;

/** One Apache Kafka for all test classes of the JVM, started when the first one needs it. */
final class SharedKafka {
    static final Duration SESSION_TIMEOUT_MIN = Duration.ofMillis(500);

    private static final KafkaProcess KAFKA =
            KafkaProcess.start(
                    Map.of(
                            "group.min.session.timeout.ms",
                            Long.toString(SESSION_TIMEOUT_MIN.toMillis())));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(KAFKA::close, "stop-kafka"));
    }

    private SharedKafka() {}

    static String bootstrap() {
        return KAFKA.bootstrap();
    }
}
