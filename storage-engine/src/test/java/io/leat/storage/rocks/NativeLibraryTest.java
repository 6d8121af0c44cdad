package io.leat.storage.rocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process loads the library once, so each case takes one of its own. */
@EnabledOnOs(OS.LINUX)
class NativeLibraryTest {
    @TempDir private Path directory;

    /** Opens a store, and says from where the library came. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] args) throws IOException {
            RocksStateStore.open(Path.of(args[0])).close();
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                System.out.println(
                        maps.filter(l -> l.contains("librocksdbjni"))
                                .map(l -> l.substring(l.indexOf('/')))
                                .findFirst()
                                .orElse("nowhere"));
            }
        }
    }

    private String libraryOf(Path nativeDirectory) throws IOException, InterruptedException {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dleat.native.dir=" + nativeDirectory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opening.class.getName(),
                        directory.resolve("state").toString());
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return output.strip();
    }

    @Test
    void the_library_is_copied_once_and_loaded_from_there() throws Exception {
        Path cache = directory.resolve("native");
        Path library = Path.of(libraryOf(cache));
        assertTrue(library.startsWith(cache), library.toString());
        FileTime made = Files.getLastModifiedTime(library);
        assertEquals(library, Path.of(libraryOf(cache)));
        assertEquals(made, Files.getLastModifiedTime(library));
        try (Stream<Path> files = Files.list(library.getParent())) {
            assertEquals(List.of(library), files.toList());
        }
    }

    @Test
    void a_directory_that_cannot_be_used_costs_time_only() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        String library = libraryOf(file.resolve("below"));
        assertTrue(library.contains("librocksdbjni"), library);
    }
}
