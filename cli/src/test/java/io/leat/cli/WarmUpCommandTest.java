package io.leat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher trains its caches with: a broken rehearsal would only show in slow starts. */
class WarmUpCommandTest {
    @TempDir private Path folder;

    @Test
    void theServerAndTheToolsRehearseWithEachOther() {
        String directory = folder.toString();
        CompletableFuture<CommandRun> server =
                CompletableFuture.supplyAsync(() -> CommandRun.of("warm-up", "server", directory));

        CommandRun tools = CommandRun.of("warm-up", "tools", directory);

        assertEquals(0, tools.code(), tools::err);
        assertTrue(tools.out().contains("warm"), tools::out);
        assertEquals(0, server.join().code(), () -> server.join().err());
    }
}
