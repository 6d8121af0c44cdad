package io.leat.tests.sdk;

import io.leat.client.TransactionContract;

final class TransactionsOnLeatTest extends TransactionContract {
    @Override
    protected String bootstrap() {
        return SharedLeat.bootstrap();
    }
}
