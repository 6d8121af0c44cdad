package io.leat.client;

import io.leat.client.kafka.KafkaProcess;

/** One Apache Kafka for all test classes of the JVM, started when the first one needs it. */
final class SharedKafka {
    private static final KafkaProcess KAFKA = KafkaProcess.start();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(KAFKA::close, "stop-kafka"));
    }

    private SharedKafka() {}

    static String bootstrap() {
        return KAFKA.bootstrap();
    }
}
