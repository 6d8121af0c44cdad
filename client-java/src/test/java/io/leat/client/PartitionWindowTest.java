package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.ErrorCode;
import io.leat.wire.record.RecordBatch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PartitionWindowTest {
    private final BrokerException why =
            BrokerException.of(ErrorCode.REQUEST_TIMED_OUT, "test", null);

    private final ProducerOptions options =
            ProducerOptions.builder("localhost:9092")
                    .batchBytes(1)
                    .deliveryTimeout(Duration.ofMinutes(2))
                    .build();
    private final PartitionQueue queue = new PartitionQueue(new TopicPartition("t", 0), options);
    private final PartitionWindow window = new PartitionWindow(queue, options);

    @Test
    void sendsTheFirstBatchAloneUntilTheBrokerHasIt() {
        fill(3);
        identify();
        PendingBatch first = takeNext();
        assertNull(window.peek(now()), "a second batch could overtake the first");
        window.succeeded(first);
        assertNotNull(window.peek(now()));
    }

    @Test
    void keepsAsManyOnTheWayAsABrokerRemembers() {
        fill(10);
        warmUp();
        for (int i = 0; i < 5; i++) {
            assertSequence(1 + i, takeNext());
        }
        assertNull(window.peek(now()));
    }

    @Test
    void sendsNothingNewWhileSomethingIsToBeRepeated() {
        fill(6);
        warmUp();
        PendingBatch second = takeNext();
        PendingBatch third = takeNext();
        window.retry(second, why, now());
        assertNull(window.peek(now()), "an answer is still to come");
        window.retry(third, why, now());
        assertSame(second, takeNext());
        assertSequence(1, second);
        assertNull(window.peek(now()), "repeats go one by one");
        window.succeeded(second);
        assertSame(third, takeNext());
        assertSequence(2, third);
        window.succeeded(third);
        assertSequence(3, takeNext());
    }

    @Test
    void waitsBeforeItRepeats() {
        fill(2);
        warmUp();
        PendingBatch batch = takeNext();
        long later = now() + Duration.ofHours(1).toNanos();
        window.retry(batch, why, later);
        assertNull(window.peek(now()));
        assertSame(batch, window.peek(later));
    }

    @Test
    void startsAnewInTheNextEpochOnceItIsCertainThatNothingArrived() {
        fill(6);
        warmUp();
        PendingBatch lost = takeNext();
        PendingBatch second = takeNext();
        PendingBatch third = takeNext();
        window.failed(lost);
        // Both may have arrived for all that is known: they keep their numbers.
        window.retry(second, why, now());
        window.retry(third, why, now());
        assertSame(second, takeNext());
        assertSequence(2, second);
        assertEquals(0, epoch(second));
        // Now it is known.
        assertTrue(window.outOfOrder(second, why, now()));
        assertSame(second, takeNext());
        assertSequence(0, second);
        assertEquals(1, epoch(second));
        assertSequence(1, third);
        assertEquals(1, epoch(third));
    }

    @Test
    void keepsItsNumbersWhileAnEarlierBatchIsNotSettled() {
        fill(6);
        warmUp();
        PendingBatch first = takeNext();
        PendingBatch second = takeNext();
        window.retry(first, why, now());
        assertFalse(window.outOfOrder(second, why, now()));
        assertSame(first, takeNext());
        assertEquals(0, epoch(first));
        window.succeeded(first);
        assertSame(second, takeNext());
        assertSequence(2, second);
        assertEquals(0, epoch(second));
    }

    @Test
    void closesTheGapOfAGivenUpBatchAtOnceIfNothingElseIsUncertain() {
        fill(3);
        warmUp();
        window.failed(takeNext());
        PendingBatch next = takeNext();
        assertSequence(0, next);
        assertEquals(1, epoch(next));
    }

    @Test
    void asksForANewIdWhenEpochsRunOut() {
        fill(3);
        window.identify(new ProducerIdentity(9, Short.MAX_VALUE));
        window.failed(takeNext());
        assertTrue(window.needsIdentity());
        window.identify(new ProducerIdentity(10, (short) 0));
        assertFalse(window.needsIdentity());
        assertSequence(0, takeNext());
    }

    @Test
    void givesUpWhatWaitsTooLongAndLeavesWhatIsOnTheWay() {
        ProducerOptions hasty =
                ProducerOptions.builder("localhost:9092")
                        .batchBytes(1)
                        .deliveryTimeout(Duration.ofNanos(1))
                        .build();
        PartitionQueue hastyQueue = new PartitionQueue(new TopicPartition("t", 0), hasty);
        PartitionWindow hastyWindow = new PartitionWindow(hastyQueue, hasty);
        for (int i = 0; i < 3; i++) {
            assertNotNull(hastyQueue.append(0, null, new byte[10], List.of(), 10));
        }
        hastyWindow.identify(new ProducerIdentity(1, (short) 0));
        PendingBatch sent = hastyWindow.take(hastyWindow.peek(now()));
        assertEquals(2, hastyWindow.takeExpired().size());
        hastyWindow.retry(sent, why, now());
        assertEquals(List.of(sent), hastyWindow.takeExpired());
        assertEquals(List.of(), hastyWindow.unfinished());
    }

    private void fill(int batches) {
        for (int i = 0; i < batches; i++) {
            assertNotNull(queue.append(i, null, new byte[10], List.of(), 10));
        }
    }

    private void identify() {
        assertTrue(window.needsIdentity());
        window.identify(new ProducerIdentity(7, (short) 0));
    }

    /** Gets the first batch out of the way. */
    private void warmUp() {
        identify();
        PendingBatch first = takeNext();
        assertSequence(0, first);
        window.succeeded(first);
    }

    private PendingBatch takeNext() {
        return window.take(window.peek(now()));
    }

    private static void assertSequence(int expected, PendingBatch batch) {
        assertEquals(expected, batch.baseSequence);
        assertEquals(expected, RecordBatch.of(batch.seal()).baseSequence());
        assertTrue(RecordBatch.of(batch.seal()).crcValid());
    }

    private static short epoch(PendingBatch batch) {
        return RecordBatch.of(batch.seal()).producerEpoch();
    }

    private static long now() {
        return System.nanoTime();
    }
}
