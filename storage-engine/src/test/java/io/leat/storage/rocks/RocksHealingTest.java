package io.leat.storage.rocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.StateStore.Write;
import io.leat.storage.api.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State on a file system of 24 MiB that runs full and is freed, without a restart. */
class RocksHealingTest {
    @TempDir private Path directory;
    private boolean mounted;

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor() == 0;
    }

    @BeforeEach
    void mount() throws Exception {
        try {
            mounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", directory.toString());
        } catch (IOException e) {
            mounted = false;
        }
        Assumptions.assumeTrue(mounted, "mounting a tmpfs needs root on Linux");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertTrue(run("umount", directory.toString()));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Write put(String key, String value) {
        return new Write.Put(bytes(key), bytes(value));
    }

    private static Optional<String> get(RocksStateStore store, String key) {
        return store.get(bytes(key)).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private void fillDisk() throws IOException {
        try (var out = Files.newOutputStream(directory.resolve("filler"))) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("space"), full.toString());
        }
    }

    @Test
    void a_full_disk_is_an_error_and_heals_and_nothing_of_the_failed_write_is_left()
            throws Exception {
        Path database = directory.resolve("state");
        try (RocksStateStore store = RocksStateStore.open(database)) {
            store.write(List.of(put("kept", "1"), put("changed", "before")), true);
            fillDisk();
            // More than what is left of the pages that its log has.
            String large = "x".repeat(100_000);
            StorageException failed =
                    assertThrows(
                            StorageException.class,
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    store.write(
                                            List.of(put("changed", "after"), put("new", large)),
                                            true);
                                }
                            });
            assertTrue(String.valueOf(failed.getMessage()).contains("No space"), failed.toString());
            assertTrue(store.failure().orElseThrow().contains("No space"));
            Optional<String> changed = get(store, "changed");
            Optional<String> fresh = get(store, "new");
            assertEquals(Optional.of("1"), get(store, "kept"));
            assertThrows(
                    StorageException.class, () -> store.write(List.of(put("kept", "2")), true));
            Files.delete(directory.resolve("filler"));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (store.failure().isPresent()) {
                assertTrue(System.nanoTime() < deadline, "not healed");
                LockSupport.parkNanos(1_000_000);
            }
            assertEquals(changed, get(store, "changed"));
            assertEquals(fresh, get(store, "new"));
            assertEquals(Optional.of("1"), get(store, "kept"));
            store.write(List.of(put("kept", "3")), true);
        }
        try (RocksStateStore store = RocksStateStore.open(database)) {
            assertEquals(Optional.of("3"), get(store, "kept"));
        }
    }
}
