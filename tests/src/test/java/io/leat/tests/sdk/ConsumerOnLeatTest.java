package io.leat.tests.sdk;

import io.leat.client.ConsumerContract;

final class ConsumerOnLeatTest extends ConsumerContract {
    @Override
    protected String bootstrap() {
        return SharedLeat.bootstrap();
    }
}
