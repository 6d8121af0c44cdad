package io.leat.client;

final class ConsumerOnKafkaTest extends ConsumerContract {
    @Override
    protected String bootstrap() {
        return SharedKafka.bootstrap();
    }
}
