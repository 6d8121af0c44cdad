package io.leat.storage.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class WriteOutTest {
    @TempDir private Path directory;

    @BeforeAll
    static void prepare() throws Exception {
        WriteOut.prepared().get(1, TimeUnit.MINUTES);
    }

    @Test
    void a_part_is_written_out_as_long_as_the_file_is_open() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[10_000]);
        WriteOut part = WriteOut.of(file).orElseThrow();
        assertTrue(part.begin(0, 5_000));
        part.end(0, 5_000);
        part.close();
        part.close();
        assertThrows(IOException.class, () -> part.begin(0, 1));
        assertThrows(IOException.class, () -> part.end(0, 1));
    }

    @Test
    void there_is_none_of_a_file_that_is_not_there() {
        assertEquals(Optional.empty(), WriteOut.of(directory.resolve("none")));
    }

    @Test
    void what_the_system_refuses_is_told() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[10]);
        try (WriteOut part = WriteOut.of(file).orElseThrow()) {
            assertEquals(false, part.begin(10, 0), "a length below zero");
            assertThrows(IOException.class, () -> part.end(10, 0));
        }
    }
}
