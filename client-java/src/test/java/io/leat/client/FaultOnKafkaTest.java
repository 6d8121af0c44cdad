package io.leat.client;

import io.leat.client.kafka.KafkaProcess;
import java.util.Map;

final class FaultOnKafkaTest extends FaultContract {
    @Override
    protected Broker startBroker(int advertisedPort) {
        KafkaProcess kafka =
                KafkaProcess.start(
                        Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + advertisedPort));
        return new Broker() {
            @Override
            public int port() {
                return kafka.port();
            }

            @Override
            public void stop() {
                kafka.stop();
            }

            @Override
            public void kill() {
                kafka.kill();
            }

            @Override
            public void restart() {
                kafka.restart();
            }

            @Override
            public void close() {
                kafka.close();
            }
        };
    }
}
