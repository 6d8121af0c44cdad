package io.leat.broker.audit;

import static io.leat.broker.coordinator.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.access.Operation;
import io.leat.broker.access.Reserved;
import io.leat.broker.access.ResourceType;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.local.CrashDisk;
import io.leat.storage.local.LocalLogStore;
import io.leat.storage.local.LocalStoreSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit topic on a disk that fails for a while, and in the face of strangers. */
class AuditTest {
    @TempDir private Path folder;

    private CrashDisk disk;
    private LocalLogStore logs;
    private Audit audit;
    private Partition partition;

    @BeforeEach
    void open() {
        disk = new CrashDisk(folder);
        logs = new LocalLogStore(folder, LocalStoreSettings.defaults(), StorageObserver.NONE, disk);
        TopicCatalog topics =
                new TopicCatalog(BrokerConfig.of(Map.of()), new MemoryStateStore(), logs);
        topics.open();
        audit = new Audit(topics, InstantSource.system());
        partition = topics.known(Reserved.AUDIT_TOPIC).partitions().getFirst();
    }

    @AfterEach
    void close() {
        audit.close();
        logs.close();
    }

    private void deny(String name) {
        audit.denied("User:eve", "10.0.0.7", Operation.READ, ResourceType.TOPIC, name);
    }

    @Test
    void whatTheDiskDoesNotTakeIsWrittenLater() {
        deny("first");
        await("it is written", () -> partition.log().bounds().durableEnd() == 1);
        disk.failForces("the drive is away");
        deny("second");
        await("the log has failed", () -> partition.failure().isPresent());
        disk.failForces(null);
        await("it is written all the same", () -> partition.log().bounds().durableEnd() == 2);
    }

    @Test
    void namesThatStrangersChooseAreCut() {
        deny("x".repeat(30_000));
        deny("x".repeat(30_001));
        await("it is written", () -> partition.log().bounds().durableEnd() > 0);
        assertTrue(partition.log().details().sizeBytes() < 1_000);
        deny("short");
        await("it is written", () -> partition.log().bounds().durableEnd() > 1);
        assertEquals(2, partition.log().bounds().durableEnd());
    }
}
