package io.leat.client;

import java.time.Duration;

final class GroupOnKafkaTest extends GroupContract {
    @Override
    protected String bootstrap() {
        return SharedKafka.bootstrap();
    }

    @Override
    protected Duration sessionTimeoutMin() {
        return SharedKafka.SESSION_TIMEOUT_MIN;
    }
}
