package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir private Path parent;

    private String refusal(Path directory) {
        StorageException e =
                assertThrows(StorageException.class, () -> DataDirectory.hold(directory).close());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        assertTrue(e.getMessage().contains(parent.toString()), e.getMessage());
        return e.getMessage();
    }

    @Test
    void the_cluster_id_is_made_once() {
        Path directory = parent.resolve("a/b/data");
        String clusterId;
        try (DataDirectory held = DataDirectory.hold(directory)) {
            clusterId = held.clusterId();
            assertTrue(clusterId.matches("[A-Za-z0-9_][A-Za-z0-9_-]{21}"), clusterId);
            assertEquals(directory, held.path());
        }
        try (DataDirectory held = DataDirectory.hold(directory)) {
            assertEquals(clusterId, held.clusterId());
        }
    }

    @Test
    void a_directory_in_use_names_its_holder() {
        try (DataDirectory held = DataDirectory.hold(parent)) {
            String message = refusal(held.path());
            assertTrue(
                    message.contains("in use by process " + ProcessHandle.current().pid()),
                    message);
        }
        DataDirectory.hold(parent).close();
    }

    @Test
    void a_newer_format_is_refused() throws IOException {
        DataDirectory.hold(parent).close();
        Path meta = parent.resolve("meta.properties");
        Files.writeString(meta, Files.readString(meta).replace("leat.format=1", "leat.format=2"));
        assertTrue(refusal(parent).contains("newer"), refusal(parent));
    }

    @Test
    void a_directory_of_another_program_is_refused() throws IOException {
        Files.writeString(parent.resolve("meta.properties"), "version=1\ncluster.id=abc\n");
        assertTrue(refusal(parent).contains("not a data directory of Leat"));
    }

    @Test
    void a_damaged_file_is_named() throws IOException {
        Path meta = parent.resolve("meta.properties");
        Files.writeString(meta, "leat.format=x\n");
        assertTrue(refusal(parent).contains("leat.format is 'x'"));
        Files.writeString(meta, "leat.format=1\n");
        assertTrue(refusal(parent).contains("cluster.id is missing"));
    }

    @Test
    void a_path_that_is_a_file_is_refused() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        assertTrue(refusal(file).contains("not a directory"));
        refusal(file.resolve("below"));
    }

    @Test
    void a_directory_that_cannot_be_made_says_why() throws IOException {
        Files.createDirectories(parent.resolve("locked").resolve(".lock"));
        String message = refusal(parent.resolve("locked"));
        assertTrue(message.contains("Is a directory"), message);
    }
}
