package io.leat.cli.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server starts with what the container image gives it. */
class ContainerTest {
    private static final Path IMAGE = Path.of("..", "ops", "docker");
    private static final String COMMAND = "CMD [\"server\", ";

    @TempDir private Path folder;

    /** The words behind {@code server} that the image starts it with. */
    private static List<String> words() throws IOException {
        String command =
                Files.readAllLines(IMAGE.resolve("Dockerfile")).stream()
                        .filter(line -> line.startsWith(COMMAND))
                        .findFirst()
                        .orElseThrow();
        String list = command.substring(COMMAND.length(), command.length() - 1);
        return new ArrayList<>(List.of(list.replace("\"", "").split(", ", -1)));
    }

    @Test
    void theImageStarts() throws IOException {
        // All as it is there, but for the ports.
        Path config = folder.resolve("leat.properties");
        Files.writeString(
                config,
                Files.readString(IMAGE.resolve("leat.properties"))
                        .replaceAll("0\\.0\\.0\\.0:\\d+", "0.0.0.0:0"));
        List<String> words = words();
        Collections.replaceAll(words, "/etc/leat/leat.properties", config.toString());
        Collections.replaceAll(words, "0.0.0.0:9644", "0.0.0.0:0");
        words.addAll(List.of("--set", "log.dir=" + folder.resolve("data")));
        try (Server server = ForegroundServer.start(ServerOptions.plain(words).orElseThrow())) {
            assertEquals(2, server.addresses().size());
        }
    }
}
