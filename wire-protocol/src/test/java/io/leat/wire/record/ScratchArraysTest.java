package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.leat.wire.record.BatchCheck.Passed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScratchArraysTest {
    private final ScratchArrays arrays = new ScratchArrays(100, 2);

    @Test
    void lendsOneArrayToOneBorrower() {
        byte[] first = arrays.lend(1);
        byte[] second = arrays.lend(100);
        assertEquals(100, first.length);
        assertNotSame(first, second);
        arrays.giveBack(first);
        assertSame(first, arrays.lend(50));
        assertNotSame(first, arrays.lend(50));
    }

    @Test
    void keepsNeitherMoreThanItShouldNorOthers() {
        List<byte[]> lent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            lent.add(arrays.lend(1));
        }
        lent.forEach(arrays::giveBack);
        assertSame(lent.get(0), arrays.lend(1));
        assertSame(lent.get(1), arrays.lend(1));
        assertNotSame(lent.get(2), arrays.lend(1));

        byte[] large = arrays.lend(101);
        assertEquals(101, large.length);
        arrays.giveBack(large);
        assertEquals(100, arrays.lend(1).length);
    }

    /** Batches of different contents, checked at the same time, each again and again. */
    @ParameterizedTest
    @EnumSource(Compression.class)
    void checksAtTheSameTimeDoNotDisturbEachOther(Compression compression) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 1; i <= 8; i++) {
                ByteBuffer batch = batch(compression, 11 * i);
                tasks.add(() -> checks(batch));
            }
            for (Future<Integer> each : threads.invokeAll(tasks)) {
                assertEquals(50, each.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Records of which none begins where one of another size does. */
    private static ByteBuffer batch(Compression compression, int sizeBytes) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64).compression(compression);
        for (int i = 0; i < 2_000; i++) {
            ByteBuffer value = ByteBuffer.allocate(sizeBytes).putInt(0, i * sizeBytes);
            builder.append(1_000 + i, null, value, List.of());
        }
        return builder.build();
    }

    private static int checks(ByteBuffer batch) {
        int passed = 0;
        for (int i = 0; i < 50; i++) {
            assertInstanceOf(Passed.class, TestBatches.checkRecords(batch.duplicate()));
            passed++;
        }
        return passed;
    }
}
