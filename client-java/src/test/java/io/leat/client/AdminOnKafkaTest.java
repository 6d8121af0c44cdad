package io.leat.client;

final class AdminOnKafkaTest extends AdminContract {
    @Override
    protected String bootstrap() {
        return SharedKafka.bootstrap();
    }
}
