package io.leat.tests.sdk;

import io.leat.client.GroupContract;

final class GroupOnLeatTest extends GroupContract {
    @Override
    protected String bootstrap() {
        return SharedLeat.bootstrap();
    }
}
