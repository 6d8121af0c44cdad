package io.leat.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher trains its caches with: a broken rehearsal would only show in slow starts. */
class WarmUpTest {
    @TempDir private Path folder;

    @Test
    void theServerAndTheToolsRehearseWithEachOther() {
        CompletableFuture<String> server = CompletableFuture.supplyAsync(() -> output("server"));

        String tools = output("tools");

        assertTrue(tools.contains("warm"), tools);
        String ready = server.join();
        assertTrue(ready.contains("is ready"), ready);
    }

    private String output(String part) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(out, true, StandardCharsets.UTF_8);
        try {
            WarmUp.run(
                    new Terminal(new ByteArrayInputStream(new byte[0]), out, err, "", Map.of()),
                    part,
                    folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
