package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    /** A thread that the system does not grant. */
    private static final class Refused extends Thread {
        @Override
        public void start() {
            throw new OutOfMemoryError("unable to create native thread, says the test");
        }
    }

    @Test
    void where_no_further_thread_can_be_had_the_first_does_all() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        GroupCommit crew =
                new GroupCommit(
                        4,
                        work ->
                                made.getAndIncrement() == 0
                                        ? Thread.ofPlatform().unstarted(work)
                                        : new Refused());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(10);
        try {
            crew.submit(() -> {
                begun.countDown();
                await(end);
            });
            await(begun);
            for (int i = 0; i < 10; i++) {
                crew.submit(done::countDown);
            }
            end.countDown();
            await(done);
        } finally {
            end.countDown();
            crew.stop();
        }
        assertTrue(made.get() > 1, "no further thread was wanted");
    }

    @Test
    void what_fails_unexpectedly_ends_no_thread() {
        GroupCommit crew = new GroupCommit(1);
        CountDownLatch done = new CountDownLatch(1);
        try {
            crew.submit(() -> {
                throw new AssertionError("a bug, says the test");
            });
            crew.submit(done::countDown);
            await(done);
        } finally {
            crew.stop();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
