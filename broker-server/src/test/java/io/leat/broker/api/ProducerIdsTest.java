package io.leat.broker.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.storage.api.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ProducerIdsTest {
    private final MemoryStateStore state = new MemoryStateStore();

    @Test
    void noIdIsGivenOutTwiceNorAfterARestart() {
        Set<Long> given = new HashSet<>();
        for (int start = 0; start < 3; start++) {
            ProducerIds ids = new ProducerIds(state, Runnable::run);
            for (int count = 0; count < 2 * ProducerIds.BLOCK + 1; count++) {
                assertTrue(given.add(ids.next().join()));
            }
        }
        assertEquals(9, state.writeCount());
    }

    @Test
    void manyWhoWaitForABlockShareIt() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        ProducerIds ids = new ProducerIds(state, tasks::add);
        List<CompletableFuture<Long>> waiting = new ArrayList<>();
        for (int count = 0; count < ProducerIds.BLOCK + 10; count++) {
            waiting.add(ids.next());
        }
        assertEquals(1, tasks.size());
        tasks.remove().run();
        assertEquals(1, tasks.size(), "ten are left, and ask for one more block");
        tasks.remove().run();
        assertEquals(
                waiting.size(), waiting.stream().map(CompletableFuture::join).distinct().count());
    }

    @Test
    void aFailingDiskIsToldAndTriedAgain() {
        ProducerIds ids = new ProducerIds(state, Runnable::run);
        state.failWrites(1);
        CompletionException failure =
                assertThrows(CompletionException.class, () -> ids.next().join());
        assertInstanceOf(StorageException.class, failure.getCause());
        assertEquals(0, ids.next().join());
    }
}
