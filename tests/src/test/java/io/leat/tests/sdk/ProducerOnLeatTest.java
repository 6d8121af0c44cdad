package io.leat.tests.sdk;

import io.leat.client.ProducerContract;

final class ProducerOnLeatTest extends ProducerContract {
    @Override
    protected String bootstrap() {
        return SharedLeat.bootstrap();
    }
}
