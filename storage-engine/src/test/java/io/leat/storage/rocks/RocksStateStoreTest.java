package io.leat.storage.rocks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.StateStore.Write;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.StoredFile;
import io.leat.storage.local.FileTree;
import io.leat.storage.system.ForceCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksStateStoreTest {
    @TempDir private Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Write put(String key, String value) {
        return new Write.Put(bytes(key), bytes(value));
    }

    private static List<String> scan(RocksStateStore store, String prefix) {
        List<String> found = new ArrayList<>();
        store.scan(
                bytes(prefix),
                (key, value) ->
                        found.add(
                                new String(key, StandardCharsets.UTF_8)
                                        + "="
                                        + new String(value, StandardCharsets.UTF_8)));
        return found;
    }

    @Test
    void a_write_whose_force_is_in_doubt_is_refused_and_taken_back() {
        AtomicBoolean doubted = new AtomicBoolean();
        ForceCheck check =
                () -> {
                    if (doubted.get()) {
                        throw new IOException("Read-only file system");
                    }
                };
        try (RocksStateStore store =
                RocksStateStore.open(directory, RocksStateStore.Use.STATE, check)) {
            store.write(List.of(put("kept", "1"), put("changed", "before")), true);
            doubted.set(true);
            List<Write> writes = List.of(put("changed", "after"), put("new", "1"));
            StorageException refused =
                    assertThrows(StorageException.class, () -> store.write(writes, true));
            assertTrue(String.valueOf(refused.getMessage()).endsWith("Read-only file system"));
            assertThrows(
                    StorageException.class, () -> store.write(List.of(put("kept", "2")), false));
            doubted.set(false);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (store.failure().isPresent()) {
                assertTrue(System.nanoTime() < deadline, "not healed");
                LockSupport.parkNanos(1_000_000);
            }
            assertEquals(List.of("changed=before", "kept=1"), scan(store, ""));
        }
        try (RocksStateStore store = RocksStateStore.open(directory)) {
            assertEquals(List.of("changed=before", "kept=1"), scan(store, ""));
        }
    }

    @Test
    void what_was_put_is_there_until_it_is_deleted_and_after_a_restart() {
        try (RocksStateStore store = RocksStateStore.open(directory)) {
            assertTrue(store.get(bytes("a")).isEmpty());
            store.write(List.of(put("a", "1"), put("b", "2")), true);
            assertArrayEquals(bytes("1"), store.get(bytes("a")).orElseThrow());
            store.write(List.of(new Write.Delete(bytes("a")), put("c", "")), false);
        }
        try (RocksStateStore store = RocksStateStore.open(directory)) {
            assertEquals(Optional.empty(), store.get(bytes("a")));
            assertEquals(List.of("b=2", "c="), scan(store, ""));
        }
    }

    @Test
    void a_scan_gives_a_prefix_in_unsigned_order() {
        try (RocksStateStore store = RocksStateStore.open(directory)) {
            store.write(
                    List.of(put("g/b", "2"), put("g/\u00e9", "3"), put("g/a", "1"), put("h", "4")),
                    false);
            assertEquals(List.of("g/a=1", "g/b=2", "g/\u00e9=3"), scan(store, "g/"));
            assertEquals(List.of(), scan(store, "x"));
        }
    }

    @Test
    void a_range_is_scanned_as_far_as_wanted_and_deleted_whole() {
        try (RocksStateStore store = RocksStateStore.open(directory, RocksStateStore.Use.RECORDS)) {
            store.write(List.of(put("a", "1"), put("b", "2"), put("c", "3"), put("d", "4")), true);
            assertEquals(List.of("b", "c"), range(store, "b", "d", 9));
            assertEquals(List.of("a", "b"), range(store, "a", "z", 2));
            store.write(List.of(new Write.DeleteRange(bytes("b"), bytes("d"))), true);
            assertEquals(List.of("a", "d"), range(store, "a", "z", 9));
        }
        try (RocksStateStore store = RocksStateStore.open(directory, RocksStateStore.Use.RECORDS)) {
            assertEquals(List.of("a", "d"), range(store, "a", "z", 9));
        }
    }

    private static List<String> range(RocksStateStore store, String from, String to, int count) {
        List<String> found = new ArrayList<>();
        store.scan(
                bytes(from),
                bytes(to),
                (key, value) -> {
                    found.add(new String(key, StandardCharsets.UTF_8));
                    return found.size() < count;
                });
        return found;
    }

    @Test
    void a_purge_takes_what_was_deleted_off_the_disk() throws IOException {
        String secret = "the-value-that-has-to-go";
        try (RocksStateStore store = RocksStateStore.open(directory, RocksStateStore.Use.RECORDS)) {
            store.write(List.of(put("a", secret), put("b", "stays")), true);
            assertTrue(isOnDisk(secret));
            store.write(List.of(new Write.Delete(bytes("a"))), true);
            store.purge(bytes("a"), bytes("z"));
            assertFalse(isOnDisk(secret));
            assertEquals(List.of("b=stays"), scan(store, ""));
        }
    }

    private boolean isOnDisk(String text) {
        return !FileTree.filesWith(directory, text).isEmpty();
    }

    @Test
    void a_later_write_of_a_list_wins() {
        try (RocksStateStore store = RocksStateStore.open(directory)) {
            store.write(List.of(put("a", "1"), new Write.Delete(bytes("a")), put("a", "3")), true);
            assertEquals(List.of("a=3"), scan(store, ""));
            store.write(List.of(), true);
        }
    }

    @Test
    void a_store_that_is_closed_or_in_use_says_so() {
        RocksStateStore store = RocksStateStore.open(directory);
        StorageException used =
                assertThrows(StorageException.class, () -> RocksStateStore.open(directory));
        assertTrue(used.getMessage().contains(directory.toString()), used.getMessage());
        store.close();
        store.close();
        assertThrows(StorageException.class, () -> store.get(bytes("a")));
        assertThrows(StorageException.class, () -> store.write(List.of(), false));
    }

    @Test
    void a_path_that_is_a_file_is_named() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        StorageException e = assertThrows(StorageException.class, () -> RocksStateStore.open(file));
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }

    @Test
    void what_returned_outlives_a_kill() throws IOException {
        Path copy = directory.resolve("copy");
        Path original = directory.resolve("original");
        try (RocksStateStore store = RocksStateStore.open(original)) {
            for (int i = 0; i < 1000; i++) {
                store.write(List.of(put("k" + i, "v" + i)), i % 100 == 0);
            }
            FileTree.copy(original, copy);
        }
        try (RocksStateStore store = RocksStateStore.open(copy)) {
            assertEquals(1000, scan(store, "k").size());
        }
    }

    @Test
    void it_behaves_like_a_sorted_map_across_restarts() {
        Random random = new Random(42);
        TreeMap<String, String> model = new TreeMap<>();
        for (int round = 0; round < 5; round++) {
            try (RocksStateStore store = RocksStateStore.open(directory)) {
                for (int i = 0; i < 300; i++) {
                    String key = "k" + random.nextInt(100);
                    if (random.nextInt(3) == 0) {
                        model.remove(key);
                        store.write(List.of(new Write.Delete(bytes(key))), false);
                    } else {
                        model.put(key, "v" + i);
                        store.write(List.of(put(key, "v" + i)), random.nextInt(20) == 0);
                    }
                }
                List<String> expected = new ArrayList<>();
                model.forEach((key, value) -> expected.add(key + "=" + value));
                assertEquals(expected, scan(store, "k"));
            }
        }
    }

    @Test
    void logs_stay_few() throws IOException {
        for (int i = 0; i < 8; i++) {
            RocksStateStore.open(directory).close();
        }
        try (Stream<Path> files = Files.list(directory)) {
            long logs = files.filter(f -> f.getFileName().toString().startsWith("LOG")).count();
            assertTrue(logs <= 2, logs + " info logs");
        }
    }

    @Test
    void a_damaged_store_is_one_line_with_a_way_out() throws IOException {
        try (RocksStateStore store = RocksStateStore.open(directory)) {
            store.write(List.of(put("a", "1")), true);
        }
        assertEquals(List.of(), verify().orElseThrow().flaws());
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("MANIFEST")) {
                    Files.write(file, new byte[(int) Files.size(file)]);
                }
            }
        }
        String message =
                String.valueOf(
                        assertThrows(
                                        StorageException.class,
                                        () -> RocksStateStore.open(directory).close())
                                .getMessage());
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.contains(directory.toString()), message);
        assertTrue(message.contains("move it away"), message);
        assertTrue(verify().orElseThrow().flaws().getFirst().damage());
    }

    private Optional<StoredFile> verify() {
        return RocksStateStore.verify(directory, RocksStateStore.Use.STATE);
    }
}
