package io.leat.client;

final class ProducerOnKafkaTest extends ProducerContract {
    @Override
    protected String bootstrap() {
        return SharedKafka.bootstrap();
    }
}
