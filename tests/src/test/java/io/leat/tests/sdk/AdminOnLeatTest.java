package io.leat.tests.sdk;

import io.leat.client.AdminContract;

final class AdminOnLeatTest extends AdminContract {
    @Override
    protected String bootstrap() {
        return SharedLeat.bootstrap();
    }
}
