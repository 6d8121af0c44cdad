package io.leat.storage.local;

import io.leat.storage.api.LogStore;
import io.leat.storage.api.LogStoreContract;
import io.leat.storage.api.StorageObserver;
import java.nio.file.Path;

class LocalLogStoreTest extends LogStoreContract {
    @Override
    protected LogStore openStore(Path directory) {
        return new LocalLogStore(
                directory, LocalStoreSettings.defaults(), StorageObserver.NONE, new FileDisk());
    }
}
