package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.api.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataVerificationTest {
    private static final LogId ID = new LogId("t", new UUID(1, 2), 0);
    private static final LogConfig CONFIG =
            new LogConfig(8000, Long.MAX_VALUE, 300, 1 << 16, TimestampType.CREATE_TIME);
    private static final String FIRST = "logs/t." + ID.topicId() + "/0/00000000000000000000";

    @TempDir private Path temp;
    private final PausingDisk disk = new PausingDisk();

    /** A store with so many batches of 2,000 bytes, as a kill leaves it, and a clean stop. */
    private void stored(int batches, Path killed, Path stopped) throws IOException {
        try (DataDirectory held = DataDirectory.hold(stopped);
                LocalLogStore store =
                        new LocalLogStore(
                                held.path(),
                                LocalStoreSettings.defaults(),
                                StorageObserver.NONE,
                                disk)) {
            PartitionLog log = store.open(ID, CONFIG, LogListener.NONE);
            for (int i = 0; i < batches; i++) {
                assertInstanceOf(
                        Appended.class,
                        log.append(Batches.sized(2000), Durability.FORCED)
                                .orTimeout(20, TimeUnit.SECONDS)
                                .join());
            }
            log.sealed().seal().orTimeout(20, TimeUnit.SECONDS).join();
            assertInstanceOf(
                    Appended.class,
                    log.append(Batches.sized(100), Durability.FORCED)
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join());
            disk.copy(stopped, killed);
        }
    }

    private static List<StoredFile> verified(Path root) {
        List<StoredFile> files = new ArrayList<>();
        try (DataDirectory held = DataDirectory.holdExisting(root)) {
            DataVerification.run(held, files::add, bytes -> {});
        }
        return files;
    }

    private static List<String> flaws(Path root) {
        List<String> flaws = new ArrayList<>();
        for (StoredFile file : verified(root)) {
            for (StoredFile.Flaw flaw : file.flaws()) {
                flaws.add(file.path() + ": " + flaw.message());
            }
        }
        return flaws;
    }

    @Test
    void a_small_segment_that_still_grew_when_the_process_was_killed_needs_no_index()
            throws IOException {
        Path killed = temp.resolve("killed");
        Path stopped = temp.resolve("stopped");
        stored(5, killed, stopped);
        List<String> indexes =
                FileTree.names(killed).stream().filter(name -> name.endsWith(".index")).toList();
        assertEquals(List.of("00000000000000000000.index", "00000000000000000003.index"), indexes);
        assertEquals(List.of(), flaws(killed));
        assertEquals(List.of(), flaws(stopped));
    }

    @Test
    void what_leat_keeps_beside_the_logs_is_no_stranger() throws IOException {
        Path stopped = temp.resolve("stopped");
        stored(1, temp.resolve("killed"), stopped);
        // Made there on ext4 only.
        Files.write(stopped.resolve(".force-check"), new byte[0]);
        Files.writeString(stopped.resolve("notes.txt"), "of somebody");
        assertEquals(List.of("notes.txt: no file of Leat's; it is left alone"), flaws(stopped));
    }

    @Test
    void a_closed_segment_without_its_index_is_told() throws IOException {
        Path killed = temp.resolve("killed");
        Path stopped = temp.resolve("stopped");
        stored(5, killed, stopped);
        for (Path root : List.of(killed, stopped)) {
            Files.delete(root.resolve(FIRST + ".index"));
            assertEquals(
                    List.of(
                            FIRST
                                    + ".log: its offset index is missing; it is made anew when"
                                    + " used"),
                    flaws(root));
        }
    }
}
