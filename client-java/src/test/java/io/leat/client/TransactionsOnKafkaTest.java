package io.leat.client;

final class TransactionsOnKafkaTest extends TransactionContract {
    @Override
    protected String bootstrap() {
        return SharedKafka.bootstrap();
    }
}
